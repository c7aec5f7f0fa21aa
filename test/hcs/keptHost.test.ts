import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createProvisioner } from '../../src/index.ts';
import { KeptHostUnreadable, keptSimulatedHost } from '../../src/testing/index.ts';
import { removeFolder } from '../support/removeFolder.ts';
import { faultOf, fullRequest, hostOptions, SCRATCH_LEFT } from '../support/requests.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-kept-'));
});
afterEach(() => removeFolder(folder));

const keptText = () => readFileSync(join(folder, 'host.json'), 'utf8');

describe('a simulated host that is kept in a folder', () => {
  test('shows every process what the others did', async () => {
    const [one, other] = [keptSimulatedHost(folder, hostOptions()), keptSimulatedHost(folder, hostOptions())];
    const provisioner = await createProvisioner({ host: one });
    const { container } = await provisioner.create({ ...fullRequest(), lifetime: 'host' }).result;
    expect(other.snapshot()).toEqual(one.snapshot());
    expect(other.snapshot()).toContain('computeSystem web-1');
    await container.release();
    expect(other.snapshot()).toEqual(SCRATCH_LEFT);
  });

  test('refuses what contradicts what another process did', async () => {
    const first = await createProvisioner({ host: keptSimulatedHost(folder, hostOptions()) });
    await first.create(fullRequest()).result;
    const second = await createProvisioner({ host: keptSimulatedHost(folder, hostOptions()) });
    expect((await faultOf(second.create(fullRequest()).result)).code).toBe('endpoint-in-use');
  });

  test('closes the handles of a process that is gone, and ends what ends with them', async () => {
    const host = keptSimulatedHost(folder, hostOptions());
    const provisioner = await createProvisioner({ host });
    await provisioner.create({ ...fullRequest(), lifetime: 'process' }).result;
    expect(host.snapshot()).toContain('computeSystem web-1');
    // No process has a pid of this size (Linux: at most 2^22).
    writeFileSync(join(folder, 'host.json'), keptText().replaceAll(`"${process.pid}@`, '"99999999@'));
    const after = keptSimulatedHost(folder, hostOptions()).snapshot();
    expect(after).not.toContain('computeSystem web-1');
    expect(after.filter((line) => line.startsWith('handle.'))).toEqual([]);
  });

  test('leaves out the credential spec, which the process that gave it still has', async () => {
    const host = keptSimulatedHost(folder, hostOptions());
    const provisioner = await createProvisioner({ host });
    await provisioner.create(fullRequest()).result;
    expect(keptText()).toContain('"credentialGuards":[["web-1"');
    expect(keptText()).not.toContain('of the account');
    expect((await host.credentials.instances())[0]?.state.CredentialSpec).toContain('of the account');
    expect((await keptSimulatedHost(folder).credentials.instances())[0]?.state.CredentialSpec).toBe('');
  });

  test('takes a call as a whole: one that fails changes nothing', async () => {
    const host = keptSimulatedHost(folder, hostOptions());
    await host.facts();
    const before = keptText();
    await expect(host.layers.deactivate('C:\\nothing')).rejects.toThrow('ERROR_NOT_FOUND');
    expect(keptText()).toBe(before);
  });

  test('can be made to fail like any other, in the process that asks for it', async () => {
    const host = keptSimulatedHost(folder, hostOptions());
    host.inject({ call: 'compute.create', when: 'after' });
    const provisioner = await createProvisioner({ host });
    await faultOf(provisioner.create(fullRequest()).result);
    expect(keptSimulatedHost(folder, hostOptions()).snapshot()).toEqual([]);
  });

  test.each(['', 'not json', '{"format":4,"systems":[]}', '{"format":1}'])('is refused when it holds %j', (text) => {
    writeFileSync(join(folder, 'host.json'), text);
    expect(() => keptSimulatedHost(folder)).toThrow(KeptHostUnreadable);
  });
});
