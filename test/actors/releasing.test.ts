/** One try to release something whose acquisition goes on meanwhile, or has ended otherwise than was thought. */
import { describe, expect, test } from '@jest/globals';
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

const acquire = (run: Run): Promise<void> =>
  run.acquire('networking', 'network.createNamespace', NAMESPACE, (intent) => run.host.network.createNamespace(intent));

function entryOf(run: Run): { readonly id: ResourceId; readonly state: string } {
  const [entry] = run.ledger.entries;
  if (entry === undefined) throw new Error('nothing was intended');
  return entry;
}

/** Two runs that want the same namespace, on a host that takes its time to delete one. */
async function twoRuns() {
  const clock = virtualClock();
  const host = simulatedHost({ clock, latencies: { 'network.deleteNamespace': RELEASE_MS } });
  const [store, vms] = [memoryLedgerStore(), memoryVmStore()];
  const runs = new Runs({ host, store, vms, clock, owner: 'slipway', newId: () => ID });
  const [ours, theirs] = [await runs.get(provisionId('ours')), await runs.get(provisionId('theirs'))];

  const acquireWhatIsTheirs = async () => {
    await acquire(theirs);
    await expect(acquire(ours)).rejects.toThrow();
    expect(entryOf(ours).state).toBe('refused');
  };
  /** The call does not answer before it is made to. */
  const acquireInDoubt = async () => {
    host.inject({ call: 'network.createNamespace', when: 'never' });
    const acquired = acquire(ours);
    await idle();
    return { acquired };
  };
  /** @param meanwhile what happens between the call of the release and its answer */
  const release = async (meanwhile: () => void = () => {}) => {
    const answer = tryRelease(ours, entryOf(ours).id);
    await idle();
    meanwhile();
    await idle();
    clock.advance(RELEASE_MS);
    return answer;
  };
  const stateNow = () => entryOf(ours).state;
  return { host, store, ours, theirs, acquireWhatIsTheirs, acquireInDoubt, release, stateNow };
}

describe("what turned out to be somebody else's", () => {
  test('is not touched by a release that begins then', async () => {
    const { host, acquireWhatIsTheirs, release } = await twoRuns();
    await acquireWhatIsTheirs();
    const called = host.calls.length;
    expect(await release()).toBe('released');
    expect(host.calls).toHaveLength(called);
    expect(host.snapshot()).toEqual(THERE);
  });

  test('is no residue when a release had begun before and fails', async () => {
    const { host, store, ours, theirs, acquireInDoubt, release, stateNow } = await twoRuns();
    const { acquired } = await acquireInDoubt();
    await acquire(theirs);
    host.inject({ call: 'network.deleteNamespace', when: 'before' });
    const refused = expect(acquired).rejects.toThrow();
    expect(await release(() => host.answerPending())).toBe('released');
    await refused;
    expect(stateNow()).toBe('refused');
    expect((await store.read(ours.id)).at(-1)).toMatchObject({ type: 'changed', state: 'refused' });
  });

  test('stays so when its release is said not to have answered', async () => {
    const { store, ours, acquireWhatIsTheirs } = await twoRuns();
    await acquireWhatIsTheirs();
    const before = await store.read(ours.id);
    await markUnanswered(ours, entryOf(ours).id);
    expect(await store.read(ours.id)).toEqual(before);
  });
});

test('what came while it was released is to be released once more', async () => {
  const { host, acquireInDoubt, release, stateNow } = await twoRuns();
  const { acquired } = await acquireInDoubt();
  expect(await release(() => host.answerPending())).toBe('overtaken');
  await acquired;
  expect(stateNow()).toBe('held');
  expect(await release()).toBe('released');
  expect({ left: host.snapshot(), state: stateNow() }).toEqual({ left: [], state: 'released' });
});

test('a release that has answered in the last moment has answered', async () => {
  const { ours, release, stateNow } = await twoRuns();
  await acquire(ours);
  await release();
  await markUnanswered(ours, entryOf(ours).id);
  expect(stateNow()).toBe('released');
});

test('what is held is not waived', async () => {
  const { ours, stateNow } = await twoRuns();
  await acquire(ours);
  await waiveResource(ours, entryOf(ours).id);
  expect(stateNow()).toBe('held');
});
