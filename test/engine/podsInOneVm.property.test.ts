import { describe, expect, test } from '@jest/globals';
import { type Container, ProvisionFault } from '../../src/index.ts';
import type { FaultMoment } from '../../src/testing/index.ts';
import { linesHeldBy } from '../conformance/vmWords.ts';
import { anyLatencies } from '../support/latencies.ts';
import { fc } from '../support/property.ts';
import {
  MOUNT_NAMES,
  type MountName,
  POD_GUESTS,
  POD_IDS,
  type Pod,
  type PodGuest,
  type PodId,
  podRequest,
  setUpPod,
  vmRecordOf,
} from '../support/vmPods.ts';

const RUNS = Number(process.env.SLIPWAY_RUNS ?? 50);

/** What one container does in a round: one that lives is given back, or stays; one that does not is created. */
const act = fc.record({
  stays: fc.boolean(),
  after: fc.integer({ min: 0, max: 300 }),
  mounts: fc.subarray([...MOUNT_NAMES]),
  /** Milliseconds until the create is cancelled; undefined: it is not. */
  cancelAfter: fc.option(fc.integer({ min: 0, max: 700 }), { nil: undefined, freq: 2 }),
});
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

const fault = fc.record({
  nth: fc.integer({ min: 1, max: 120 }),
  when: fc.constantFrom<FaultMoment>('before', 'after'),
});

const round = (pods: number) =>
  fc.record({
    acts: fc.array(act, { minLength: pods, maxLength: pods }),
    faults: fc.array(fault, { maxLength: 2 }),
  });

const scenario = (pods: number) =>
  fc.record({
    rounds: fc.array(round(pods), { minLength: 1, maxLength: 3 }),
    seed: fc.integer({ min: 1, max: 2 ** 31 - 2 }),
  });
type Scenario = ReturnType<typeof scenario> extends fc.Arbitrary<infer T> ? T : never;

const VM_SCRATCH_GRANT = 'grant.vmAccess vm-1 C:\\vm\\sandbox.vhdx';

interface Living {
  readonly container: Container;
  readonly mounts: readonly MountName[];
}

const GUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Without the slots, the names and the ids that hang on what was there before. */
function withoutNumbers(line: string): string {
  return line
    .replace(/^(scsi|plan9Share|vpmem|vsmbShare|combinedLayers) vm-1 .*/, '$1')
    .replace(/^vsmbAllowedFile vm-1 s\S+/, 'vsmbAllowedFile')
    .replace(/^(namespaceEndpoint) \S+/, '$1')
    .replace(/^(namespace|networkAdapter|guestNamespace|guest\.nicPreAdd)( vm-1)? \S+$/, '$1')
    .replace(GUID, (id) => (id.startsWith('0000000') ? id : '<guid>'));
}

/** The files, disks and layers that lie in the VM, each with how many containers need it. */
async function sourcesIn(pod: Pod): Promise<readonly string[]> {
  const { attachments, unsettled } = await vmRecordOf(pod);
  const { scsi, vsmb, plan9, vpmem, access } = attachments;
  expect(unsettled).toEqual([]);
  const shares = vsmb.shares.map((share) =>
    share.kind === 'folder' ? share : { ...share, holders: share.files.map(({ hostPath }) => hostPath) },
  );
  return [...scsi.disks, ...shares, ...plan9.shares, ...vpmem.layers, ...access]
    .map(({ hostPath, holders }) => `${hostPath} for ${holders.length}`)
    .sort();
}

const attachedTo = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => line.split(' ')[1] === 'vm-1' && !line.startsWith('handle.') && !line.startsWith('utilityVm'));

/** What the entries of the living hold by the record of the VM is what the host has, name by name. */
async function expectHonest(pod: Pod, before: readonly string[], living: ReadonlyMap<PodId, Living>): Promise<void> {
  const holders = new Set([...living.values()].flatMap(({ container }) => container.resources.map(({ id }) => id)));
  const there = attachedTo(pod.host.snapshot()).filter((line) => !before.includes(line));
  expect(there).toEqual([...new Set(linesHeldBy(await vmRecordOf(pod), holders))].sort());
}

/** The VM is as if nobody but the living had ever been there. */
async function expectOnly(pod: Pod, guest: PodGuest, living: ReadonlyMap<PodId, Living>): Promise<void> {
  const fresh = await setUpPod(guest);
  for (const [id, { mounts }] of living) await fresh.provisioner.create(podRequest(guest, id, mounts)).result;
  const linesOf = ({ host }: Pod) => host.snapshot().map(withoutNumbers).sort();
  expect(linesOf(pod)).toEqual(linesOf(fresh));
  expect(await sourcesIn(pod)).toEqual(await sourcesIn(fresh));
}

/** What became of the runs, so that a test can tell that all of it was there. */
const seen = { created: 0, failed: 0, cancelled: 0, released: 0 };

class Playing {
  readonly #pod: Pod;
  readonly #guest: PodGuest;
  readonly #living = new Map<PodId, Living>();

  constructor(pod: Pod, guest: PodGuest) {
    this.#pod = pod;
    this.#guest = guest;
  }

  get living(): ReadonlyMap<PodId, Living> {
    return this.#living;
  }

  async act(id: PodId, { stays, after, mounts, cancelAfter }: Act): Promise<void> {
    await this.#pod.pause(after);
    const there = this.#living.get(id);
    if (there === undefined) await this.#create(id, mounts, cancelAfter);
    else if (!stays) await this.release(id, there);
  }

  async release(id: PodId, { container }: Living): Promise<void> {
    this.#living.delete(id);
    expect((await container.release()).residue).toEqual([]);
    seen.released += 1;
  }

  async #create(id: PodId, mounts: readonly MountName[], cancelAfter: number | undefined): Promise<void> {
    const provision = this.#pod.provisioner.create(podRequest(this.#guest, id, mounts));
    if (cancelAfter !== undefined) void this.#pod.pause(cancelAfter).then(() => provision.cancel('by chance'));
    try {
      const { container } = await provision.result;
      this.#living.set(id, { container, mounts });
      seen.created += 1;
    } catch (error) {
      if (!(error instanceof ProvisionFault)) throw error;
      expect(error.held).toBeUndefined();
      expect(['cancelled', 'access-denied']).toContain(error.code);
      seen[error.code === 'cancelled' ? 'cancelled' : 'failed'] += 1;
    }
  }
}

async function play({ rounds, seed }: Scenario, guest: PodGuest): Promise<void> {
  const pod = await setUpPod(guest, { latencies: anyLatencies(seed) });
  const before = pod.host.snapshot();
  const playing = new Playing(pod, guest);
  for (const { acts, faults } of rounds) {
    const disarm = faults.map((one) => pod.host.inject(one));
    await Promise.all(acts.map((one, index) => playing.act(POD_IDS[index] ?? 'one', one)));
    for (const take of disarm) take();
    await expectHonest(pod, before, playing.living);
    await expectOnly(pod, guest, playing.living);
  }
  await Promise.all([...playing.living].map(([id, living]) => playing.release(id, living)));
  expect(pod.host.snapshot()).toEqual(before);
}

describe.each(POD_GUESTS)('in a %s VM', (guest) => {
  test.each([2, 3])(
    '%i containers come and go as they like, and it has attached what those need that live, and nothing else',
    async (pods) => {
      await fc.assert(
        fc.asyncProperty(scenario(pods), (one) => play(one, guest)),
        { numRuns: RUNS, endOnFailure: true },
      );
    },
    120_000,
  );
});

/** While one container has a file of the folder, another one comes for one of its own and a third one goes. */
async function exchangeFiles(seed: number): Promise<void> {
  const pod = await setUpPod('windows', { latencies: anyLatencies(seed) });
  const playing = new Playing(pod, 'windows');
  const at = { stays: false, after: 0, cancelAfter: undefined };
  await playing.act('one', { ...at, mounts: ['fileA'] });
  await playing.act('two', { ...at, mounts: ['fileB'] });
  await Promise.all([
    playing.act('two', { ...at, mounts: [], after: 120 }),
    playing.act('three', { ...at, mounts: ['fileC'] }),
  ]);
  expect([...playing.living.keys()]).toEqual(['one', 'three']);
  await expectHonest(pod, [VM_SCRATCH_GRANT], playing.living);
  await expectOnly(pod, 'windows', playing.living);
}

test('files of one folder that are shared and given back at the same time do not push each other out', async () => {
  const seeds = fc.integer({ min: 1, max: 2 ** 31 - 2 });
  await fc.assert(fc.asyncProperty(seeds, exchangeFiles), { numRuns: RUNS, endOnFailure: true });
}, 120_000);

test('all ways to end were there', () => {
  expect(Object.values(seen).every((times) => times > 0)).toBe(true);
});
