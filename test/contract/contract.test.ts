import { beforeAll, describe, expect, test } from '@jest/globals';
import { containerId } from '../../src/domain/ids.ts';
import type { HostPort } from '../../src/hcs/port.ts';
import type { Claim, HostUnderTest, Stage } from './claim.ts';
import { CLAIMS } from './claims/index.ts';
import { simulatedStage } from './hosts/simulated.ts';
import { reasonOf, remarksOn, tableOf } from './report.ts';
import { runClaims } from './runClaims.ts';

const failuresOf = (outcomes: Awaited<ReturnType<typeof runClaims>>): readonly string[] =>
  outcomes.flatMap((outcome) =>
    outcome.verdict === 'failed' ? [`${outcome.suite}: ${outcome.says}: ${outcome.why}`] : [],
  );

/** The simulated host, changed into one that breaks a promise. */
function broken(change: (host: HostPort) => Partial<HostPort>): Stage {
  const sound = simulatedStage();
  const open = async (): Promise<HostUnderTest> => {
    const on = await sound.open();
    return { ...on, host: { ...on.host, ...change(on.host) } };
  };
  return { ...sound, open };
}

const claimsOf = (suite: string): readonly Claim[] => CLAIMS.filter((claim) => claim.suite === suite);

test('every claim holds on the simulated host, and none is skipped', async () => {
  const outcomes = await runClaims(CLAIMS, simulatedStage());
  expect(failuresOf(outcomes)).toEqual([]);
  expect(outcomes.filter(({ verdict }) => verdict === 'skipped')).toEqual([]);
});

test('no two claims of a suite say the same', () => {
  const said = CLAIMS.map(({ suite, says }) => `${suite}: ${says}`);
  expect(new Set(said).size).toBe(said.length);
});

describe('a host that breaks a promise is found out', () => {
  const OTHER = containerId('other');
  test.each<[string, string, (host: HostPort) => Partial<HostPort>]>([
    ['handles that are not closed', 'compute', ({ compute }) => ({ compute: { ...compute, close: async () => {} } })],
    [
      'a termination that does nothing',
      'compute',
      ({ compute }) => ({ compute: { ...compute, terminate: async () => {} } }),
    ],
    [
      'ids that are not those of the request',
      'compute',
      ({ compute }) => ({
        compute: {
          ...compute,
          create: (intent, document) =>
            compute.create({ ...intent, resource: { ...intent.resource, id: OTHER } } as typeof intent, document),
        },
      }),
    ],
    [
      'endpoints that stay in their namespace',
      'network',
      ({ network }) => ({ network: { ...network, removeEndpoint: async () => {} } }),
    ],
    ['filters that stay', 'layers', ({ layers }) => ({ layers: { ...layers, unprepare: async () => {} } })],
    [
      'instances that stay',
      'credentials',
      ({ credentials }) => ({ credentials: { ...credentials, removeInstance: async () => {} } }),
    ],
    [
      'output that is cut off',
      'guest',
      ({ guest }) => ({
        guest: {
          ...guest,
          exec: async (vm, process) => {
            const { exitCode, output } = await guest.exec(vm, process);
            return { exitCode, output: output.slice(0, 65_536) };
          },
        },
      }),
    ],
    ['rights that stay', 'vmAccess', ({ vmAccess }) => ({ vmAccess: { ...vmAccess, revoke: async () => {} } })],
    ['files that are not removed', 'files', ({ files }) => ({ files: { ...files, removeFile: async () => {} } })],
    [
      'a death that nobody is told of twice',
      'service',
      (host) => ({
        onServiceDisconnect: (told) =>
          host.onServiceDisconnect?.(() => {
            told();
            told();
          }) ?? (() => {}),
      }),
    ],
  ])('%s', async (_, suite, change) => {
    const outcomes = await runClaims(claimsOf(suite), broken(change));
    expect(failuresOf(outcomes)).not.toEqual([]);
  });
});

describe('a claim', () => {
  const one = (check: Claim['check'], needs: Claim['needs'] = []): Claim => ({ suite: 's', says: 'it', needs, check });

  test('fails when the process holds something afterwards', async () => {
    const sound = simulatedStage();
    const open = async () => ({ ...(await sound.open()), close: async () => ['systems: 1'] });
    const [outcome] = await runClaims([one(async () => {})], { ...sound, open });
    expect(outcome).toMatchObject({ verdict: 'failed', why: 'the process still holds: systems: 1' });
  });

  test('is skipped, with the reason, where the host has not got what it needs', async () => {
    const stage: Stage = { ...simulatedStage(), abilities: new Set(), whyNot: 'it is a real one' };
    const [outcome] = await runClaims([one(async () => {}, ['described'])], stage);
    expect(outcome).toMatchObject({ verdict: 'skipped', why: 'described: it is a real one' });
  });
});

describe('the table', () => {
  const outcome = { suite: 'files', says: 'it' } as const;
  const result = (column: string, ...outcomes: Parameters<typeof tableOf>[0][number]['outcomes']) => ({
    column,
    outcomes,
    seconds: 1,
  });
  const passed = { ...outcome, verdict: 'passed' } as const;
  const skipped = { ...outcome, verdict: 'skipped', why: 'no disk' } as const;
  const failed = { ...outcome, verdict: 'failed', why: 'it is not so' } as const;

  test('counts, by column and suite', () => {
    const lines = tableOf([result('simulated', passed, passed), result('a', passed, skipped, failed)]).split('\n');
    const cells = lines.map((line) => line.split('|').map((cell) => cell.trim()));
    expect(cells).toEqual([
      ['', '', 'files', 'all', 'time', ''],
      expect.anything(),
      ['', 'simulated', '2', '2', '1.0 s', ''],
      ['', 'a', '1, 1 skipped, 1 FAILED', '1, 1 skipped, 1 FAILED', '1.0 s', ''],
    ]);
  });

  test('is well when all passed, or was allowed to be skipped', () => {
    expect(remarksOn([result('simulated', passed)])).toEqual({ lines: [], isWell: true });
    const allowed = remarksOn([result('windows', skipped)]);
    expect(allowed).toMatchObject({
      isWell: true,
      lines: [expect.stringContaining(reasonOf('windows', 'files') ?? 'no reason')],
    });
  });

  test('is not well when anything failed, or was skipped without leave', () => {
    expect(remarksOn([result('simulated', failed)]).isWell).toBe(false);
    expect(remarksOn([result('simulated', skipped)])).toMatchObject({
      isWell: false,
      lines: [expect.stringMatching(/not allowed to be: simulated: files: it\n +no disk/)],
    });
  });
});

describe('the long run, shortened', () => {
  let isBuilt = false;
  beforeAll(async () => {
    const { prepare } = await import('./prepare.ts');
    const why = prepare([{ platform: 'linux' }]).linux;
    isBuilt = why === undefined;
    if (why !== undefined) process.stdout.write(`the long run is skipped: ${why}\n`);
  }, 300_000);

  test('five hundred creates and releases leave no handle, string or callback, and nothing on the host', async () => {
    if (!isBuilt) return;
    const { soak } = await import('./soak.ts');
    expect(await soak({ ffi: 'koffi', count: 500 })).toMatchObject({ count: 500, held: [], left: [] });
  }, 300_000);
});
