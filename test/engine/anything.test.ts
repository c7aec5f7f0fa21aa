import { expect, test } from '@jest/globals';
import { isAlive, type Provision, ProvisionFault } from '../../src/index.ts';
import type { FaultMoment, SimulatedHost } from '../../src/testing/index.ts';
import { fc } from '../support/property.ts';
import { fullSpec, idle, setUp } from '../support/requests.ts';

const moment = fc.constantFrom<FaultMoment>('before', 'after', 'never', 'neverAfterEffect');
const fault = fc.record({
  nth: fc.integer({ min: 1, max: 60 }),
  when: moment,
  hresult: fc.constantFrom(0x80070005, 0x80070015, 0x8007048f, 0x800706ba),
});
const scenario = fc.record({
  faults: fc.array(fault, { maxLength: 6 }),
  latencies: fc.constantFrom(0, 7, 30_000),
  keepOnFailure: fc.boolean(),
  /** Cancels when this many calls have begun; 0: never. */
  cancelAt: fc.integer({ min: 0, max: 30 }),
  /** Answers what hangs when this many calls have begun, besides at the end; 0: not. */
  answerAt: fc.integer({ min: 0, max: 60 }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

function meddle(provision: Provision, host: SimulatedHost, { cancelAt, answerAt }: Scenario): void {
  provision.events$.subscribe((event) => {
    if (event.type !== 'call.started') return;
    if (host.calls.length === cancelAt) void provision.cancel('in the middle');
    if (host.calls.length === answerAt) host.answerPending();
  });
}

/** What the ledger says is alive must be all that is on the host: the handles of a system and the folders apart. */
function expectHonest(provision: Provision, host: SimulatedHost, fault: ProvisionFault): void {
  const kinds: Readonly<Record<string, string>> = {
    activatedLayer: 'activatedLayer',
    preparedLayer: 'preparedLayer',
    computeSystem: 'computeSystem',
    credentialGuard: 'ccgInstance',
    namespace: 'namespace',
    namespaceEndpoint: 'namespaceEndpoint',
    scratchLayer: 'disk.scratchLayer',
    scratchFolder: 'disk.folder',
  };
  const listed = fault.resources.filter(isAlive).map(({ resource }) => kinds[resource.kind]);
  const unlisted = host
    .snapshot()
    .map((line) => line.split(' ')[0])
    .filter(
      (word) => word !== undefined && !word.startsWith('handle.') && word !== 'disk.folder' && !listed.includes(word),
    );
  expect([provision.state.status, unlisted]).toEqual([provision.state.status, []]);
}

async function play(one: Scenario): Promise<void> {
  const { host, provisioner } = await setUp({ latencies: one.latencies });
  for (const injected of one.faults) host.inject(injected);
  const provision = provisioner.create({ id: 'web-1', spec: fullSpec(), keepOnFailure: one.keepOnFailure });
  meddle(provision, host, one);
  const error = await provision.result.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ProvisionFault) expectHonest(provision, host, error);
  const created = error === undefined;
  for (
    let round = 0;
    round < 12 && provision.state.status !== 'failed' && provision.state.status !== 'released';
    round += 1
  ) {
    host.answerPending();
    await idle(40);
    if (error instanceof ProvisionFault) await error.held?.release();
    else if (created) await (await provision.result).container.release();
  }
  host.answerPending();
  await idle(40);
  expect(provision.state.status).toBe(created ? 'released' : 'failed');
  const scratch = created ? ['disk.scratchLayer C:\\scratch\\deep\\web-1'] : [];
  expect(host.snapshot()).toEqual(scratch);
}

test('whatever fails, hangs, answers late or is cancelled: what is told is so, and in the end nothing is left', async () => {
  await fc.assert(fc.asyncProperty(scenario, play), { numRuns: Number(process.env.SLIPWAY_RUNS ?? 300) });
}, 120_000);
