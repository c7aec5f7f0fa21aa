import { describe, expect, test } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import {
  createProvisioner,
  type LedgerStore,
  memoryLedgerStore,
  ProvisionConflict,
  ProvisionFault,
} from '../../src/index.ts';
import { simulatedHost } from '../../src/testing/index.ts';
import { faultOf, fullSpec, hostOptions, plainSpec, setUp } from '../support/requests.ts';

const request = () => ({ id: 'web-1', spec: fullSpec() });

describe('two creates of one id', () => {
  test('with the same request are one provision', async () => {
    const { host, provisioner } = await setUp();
    const first = provisioner.create(request());
    expect(provisioner.create(request())).toBe(first);
    const { container } = await first.result;
    expect(provisioner.create(request())).toBe(first);
    expect(host.effects.filter(({ effect }) => effect === 'system.create')).toHaveLength(1);
    await container.release();
    expect(provisioner.create(request())).not.toBe(first);
  });

  test('with different requests are a conflict, said at once', async () => {
    const { provisioner } = await setUp();
    const first = provisioner.create(request());
    const conflict = () => provisioner.create({ id: 'web-1', spec: plainSpec() });
    expect(conflict).toThrow(ProvisionConflict);
    expect(conflict).toThrow(/web-1/);
    await first.result;
  });

  test('what the caller does to the request afterwards is nothing to the run', async () => {
    const { host, provisioner } = await setUp();
    const mine = request();
    const provision = provisioner.create(mine);
    mine.spec.hostname = 'changed';
    mine.spec.windows.layerFolders.length = 0;
    await provision.result;
    expect(host.effects.at(-1)).toMatchObject({ document: { Container: { GuestOs: { HostName: 'web-1' } } } });
  });
});

test('a thousand creates at once end, each with its own ids and ledger, and a release of all leaves the host empty', async () => {
  const { host, provisioner } = await setUp({ endpoints: [] });
  const provisions = Array.from({ length: 1000 }, (_, index) => {
    const spec = { ...plainSpec(`C:\\scratch\\${index}`), network: undefined };
    return provisioner.create({ id: `c-${index}`, spec: { ...spec, windows: { ...spec.windows, network: {} } } });
  });
  expect(await firstValueFrom(provisioner.provisions$)).toHaveLength(1000);
  const created = await Promise.all(provisions.map(({ result }) => result));
  const ids = created.flatMap(({ resources }) => resources.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
  const namespaces = host.snapshot().filter((line) => line.startsWith('namespace '));
  expect(new Set(namespaces).size).toBe(1000);
  await Promise.all(created.map(({ container }) => container.release()));
  expect(host.snapshot().filter((line) => !line.startsWith('disk.scratchLayer'))).toEqual([]);
  expect(await firstValueFrom(provisioner.provisions$)).toEqual([]);
}, 60_000);

describe('bad input', () => {
  const findingsOf = async (request: Parameters<Awaited<ReturnType<typeof createProvisioner>>['create']>[0]) => {
    const { host, provisioner } = await setUp();
    const fault = await provisioner.create(request).result.catch((error: unknown) => error);
    expect(host.effects).toEqual([]);
    return fault instanceof ProvisionFault ? fault.findings.map(({ code, pointer }) => `${code} ${pointer}`) : [];
  };

  test('gets all its findings at once, and touches nothing', async () => {
    const spec = {
      root: { path: 'C:\\rootfs', readonly: true },
      mounts: [{ source: 'C:\\nowhere', destination: 'C:\\x', type: 'nfs' }],
      windows: {
        layerFolders: ['C:\\only'],
        devices: [{ id: 'x', idType: 'gpu' }],
        resources: { cpu: { count: 1, shares: 5, maximum: 'all' } },
      },
    };
    expect(await findingsOf({ id: 'a/b', spec })).toEqual([
      'spec-invalid-type /spec/windows/resources/cpu/maximum',
      'id-invalid /id',
      'layers-too-few /spec/windows/layerFolders',
      'root-not-a-volume /spec/root/path',
      'root-readonly-unsupported /spec/root/readonly',
      'cpu-settings-exclusive /spec/windows/resources/cpu',
      'mount-type-unsupported /spec/mounts/0/type',
      'mount-source-missing /spec/mounts/0/source',
      'device-type-unsupported /spec/windows/devices/0/idType',
    ]);
  });

  test('a deadline that is none is a finding, and not a deadline', async () => {
    const deadlines = { validating: -1, initializing: Number.NaN, documenting: 5 };
    expect(await findingsOf({ spec: plainSpec(), deadlines })).toEqual([
      'deadline-invalid /deadlines/validating',
      'deadline-invalid /deadlines/initializing',
    ]);
  });

  test.each([
    [undefined, ['spec-missing /spec']],
    [null, ['spec-missing /spec']],
    ['text', ['spec-invalid-type /spec']],
    [[], ['spec-invalid-type /spec']],
    [{ toString: () => 'x' }, ['spec-missing /spec']],
    [{}, ['windows-section-missing /spec/windows', 'layers-missing /spec/windows/layerFolders']],
    [{ linux: {} }, ['vm-required /spec/linux']],
  ])('%j as a spec', async (spec, findings) => {
    expect(await findingsOf({ spec })).toEqual(findings);
  });
});

describe('the ledger', () => {
  test('that cannot be written to stops the create before anything is acquired', async () => {
    const full: LedgerStore = { ...memoryLedgerStore(), append: async () => Promise.reject(new Error('disk full')) };
    const { host, provisioner } = await setUp({}, { journal: full });
    const fault = await provisioner.create(request()).result.catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(ProvisionFault);
    expect(String(fault)).toContain('disk full');
    expect(host.effects).toEqual([]);
  });

  test('has every intent before its call', async () => {
    const host = simulatedHost(hostOptions());
    const store = memoryLedgerStore();
    const intended: string[] = [];
    const journal: LedgerStore = {
      ...store,
      append: async (run, record) => {
        if (record.type === 'intended') intended.push(`${record.resource.kind} after ${host.effects.length}`);
        await store.append(run, record);
      },
    };
    const provisioner = await createProvisioner({ host, journal });
    await provisioner.create(request()).result;
    expect(intended).toEqual(
      [
        'namespace',
        'namespaceEndpoint',
        'namespaceEndpoint',
        'scratchFolder',
        'scratchLayer',
        'activatedLayer',
        'preparedLayer',
        'credentialGuard',
        'computeSystem',
      ].map((kind, index) => `${kind} after ${index}`),
    );
  });
});

test('a step has the deadline of its request, else of its provisioner', async () => {
  const { host, provisioner } = await setUp({}, { deadlines: { networking: 70, documenting: 1 } });
  host.inject({ call: 'network.createNamespace', when: 'never' });
  const fault = await provisioner.create({ ...request(), deadlines: { networking: 50 } }).result.catch(String);
  expect(fault).toMatch(/networking was not done after 50 ms/);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
  'what is no deadline (%s ms) is found, and not kept',
  async (ms) => {
    const { provisioner } = await setUp({ latencies: 5 });
    const deadlines = { initializing: ms, validating: ms };
    const { code, findings } = await faultOf(provisioner.create({ ...request(), deadlines }).result);
    expect(code).toBe('invalid-request');
    expect(findings?.map(({ pointer }) => pointer)).toEqual(['/deadlines/initializing', '/deadlines/validating']);
  },
);

describe('lifetimes', () => {
  test.each([
    ['process', []],
    ['host', ['computeSystem web-1']],
  ] as const)('%s: what is left of the system when the process ends', async (lifetime, left) => {
    const { host, provisioner } = await setUp();
    await provisioner.create({ ...request(), lifetime }).result;
    host.end();
    expect(host.snapshot().filter((line) => line.includes('computeSystem'))).toEqual(left);
  });
});

test('closing cancels what is running and leaves what is provisioned', async () => {
  const { host, provisioner } = await setUp({ latencies: 10 });
  const { container } = await provisioner.create({ id: 'kept', spec: plainSpec() }).result;
  const running = provisioner.create(request());
  await provisioner.close();
  await expect(running.result).rejects.toThrow(/closed/);
  expect(host.snapshot().filter((line) => line.startsWith('computeSystem'))).toEqual(['computeSystem kept']);
  await container.release();
});
