/** One try to release something whose acquisition goes on meanwhile, or has ended otherwise than was thought. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { markUnanswered, tryRelease, waiveResource } from '../../src/actors/release.ts';
import { type Run, Runs } from '../../src/actors/run.ts';
import { namespaceId, provisionId, type ResourceId } from '../../src/domain/ids.ts';
import { memoryLedgerStore, memoryVmStore } from '../../src/index.ts';
import { simulatedHost, virtualClock } from '../../src/testing/index.ts';
import { idle } from '../support/requests.ts';

const ID = '00000000-0000-4000-8000-000000000001';
const NAMESPACE = { kind: 'namespace', id: namespaceId(ID), owner: 'slipway', name: 'pods' } as const;
const THERE = [`namespace ${ID}`];
const RELEASE_MS = 100;

async function twoRuns() {
  const clock = virtualClock();
  const host = simulatedHost({ clock, latencies: { 'network.deleteNamespace': RELEASE_MS } });
  const [store, vms] = [memoryLedgerStore(), memoryVmStore()];
  const runs = new Runs({ host, store, vms, clock, owner: 'slipway', newId: () => ID });
  const ours = await runs.get(provisionId('ours'));
  return { clock, host, store, ours, theirs: await runs.get(provisionId('theirs')) };
}

let at: Awaited<ReturnType<typeof twoRuns>>;
beforeEach(async () => {
  at = await twoRuns();
});

const acquire = (run: Run): Promise<void> =>
  run.acquire('networking', 'network.createNamespace', NAMESPACE, (intent) => run.host.network.createNamespace(intent));

function entryOf(run: Run): { readonly id: ResourceId; readonly state: string } {
  const [entry] = run.ledger.entries;
  if (entry === undefined) throw new Error('nothing was intended');
  return entry;
}

/** Its call does not answer before it is made to. */
async function acquireInDoubt(run: Run) {
  at.host.inject({ call: 'network.createNamespace', when: 'never' });
  const acquired = acquire(run);
  await idle();
  return { acquired, id: entryOf(run).id };
}

/** A release that goes on while the call answers that acquires. */
async function releaseAndAnswer(id: ResourceId) {
  const release = tryRelease(at.ours, id);
  await idle();
  at.host.answerPending();
  await idle();
  at.clock.advance(RELEASE_MS);
  return release;
}

async function acquireWhatIsTheirs(): Promise<ResourceId> {
  await acquire(at.theirs);
  await expect(acquire(at.ours)).rejects.toThrow();
  expect(entryOf(at.ours).state).toBe('refused');
  return entryOf(at.ours).id;
}

describe("what turned out to be somebody else's", () => {
  test('is not touched by a release that begins then', async () => {
    const id = await acquireWhatIsTheirs();
    const called = at.host.calls.length;
    const release = tryRelease(at.ours, id);
    await idle();
    at.clock.advance(RELEASE_MS);
    expect(await release).toBe('released');
    expect(at.host.calls).toHaveLength(called);
    expect(at.host.snapshot()).toEqual(THERE);
  });

  test('is no residue when a release had begun before and fails', async () => {
    const { acquired, id } = await acquireInDoubt(at.ours);
    await acquire(at.theirs);
    at.host.inject({ call: 'network.deleteNamespace', when: 'before' });
    const refused = expect(acquired).rejects.toThrow();
    expect(await releaseAndAnswer(id)).toBe('released');
    await refused;
    expect(entryOf(at.ours).state).toBe('refused');
    expect((await at.store.read(at.ours.id)).at(-1)).toMatchObject({ type: 'changed', state: 'refused' });
  });

  test('stays so when its release is said not to have answered', async () => {
    const id = await acquireWhatIsTheirs();
    const before = await at.store.read(at.ours.id);
    await markUnanswered(at.ours, id);
    expect(await at.store.read(at.ours.id)).toEqual(before);
  });
});

test('what came while it was released is to be released once more', async () => {
  const { acquired, id } = await acquireInDoubt(at.ours);
  expect(await releaseAndAnswer(id)).toBe('overtaken');
  await acquired;
  expect(entryOf(at.ours).state).toBe('held');
  const again = tryRelease(at.ours, id);
  await idle();
  at.clock.advance(RELEASE_MS);
  expect(await again).toBe('released');
  expect({ left: at.host.snapshot(), state: entryOf(at.ours).state }).toEqual({ left: [], state: 'released' });
});

test('a release that has answered in the last moment has answered', async () => {
  await acquire(at.ours);
  const { id } = entryOf(at.ours);
  const release = tryRelease(at.ours, id);
  await idle();
  at.clock.advance(RELEASE_MS);
  await release;
  await markUnanswered(at.ours, id);
  expect(entryOf(at.ours).state).toBe('released');
});

test('what is held is not waived', async () => {
  await acquire(at.ours);
  await waiveResource(at.ours, entryOf(at.ours).id);
  expect(entryOf(at.ours).state).toBe('held');
});
