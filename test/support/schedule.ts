/** What happens on a host by chance: rounds of creates and releases, and what goes wrong meanwhile. */
import type { CreateRequest } from '../../src/index.ts';
import type { FaultMoment, SimulatedHostOptions } from '../../src/testing/index.ts';
import type { When } from '../conformance/mortal.ts';
import { fc } from './property.ts';
import { fullSpec } from './requests.ts';
import { MOUNT_NAMES, type MountName, POD_IDS, type PodGuest, podHost, podRequest } from './vmPods.ts';

/** Containers that share nothing with anybody. */
const LONE_IDS = ['lone-1', 'lone-2'] as const;

const IDS = [...LONE_IDS, ...POD_IDS] as const;
export type Id = (typeof IDS)[number];

/** The processes that work on the host at the same time. */
export const PLACES = [0, 1] as const;

/** What becomes of one id in a round: what is there of it is given back, or stays; otherwise it is created. */
const act = fc.record({
  id: fc.constantFrom(...IDS),
  place: fc.constantFrom(...PLACES),
  after: fc.integer({ min: 0, max: 300 }),
  stays: fc.boolean(),
  mounts: fc.subarray([...MOUNT_NAMES]),
  lifetime: fc.constantFrom<'process' | 'host'>('process', 'host'),
  keepOnFailure: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  /** Milliseconds until a create is cancelled; undefined: it is not. */
  cancelAfter: fc.option(fc.integer({ min: 0, max: 700 }), { nil: undefined, freq: 2 }),
});
export type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

const fault = fc.record({
  nth: fc.integer({ min: 1, max: 150 }),
  when: fc.constantFrom<FaultMoment>('before', 'after', 'never', 'neverAfterEffect'),
  hresult: fc.constantFrom(0x80070005, 0x80070015, 0x8007048f, 0x800706ba),
});

const wish = (longest: number) =>
  fc.record({ n: fc.integer({ min: 1, max: longest }), when: fc.constantFrom<When>('before', 'after') });

const death = fc.record({
  place: fc.constantFrom(...PLACES),
  wish: wish(250),
  /** Where the next process dies, which recovers what this one has left; undefined: nowhere. */
  again: fc.option(wish(60), { nil: undefined }),
});
export type Death = typeof death extends fc.Arbitrary<infer T> ? T : never;

const round = fc.record({
  acts: fc.uniqueArray(act, { minLength: 2, maxLength: 4, selector: ({ id }) => id }),
  // A release is tried three times: so many faults do not keep it from being done.
  faults: fc.array(fault, { maxLength: 2 }),
  death: fc.option(death, { nil: undefined, freq: 2 }),
  /** Milliseconds until the calls that hang then answer. */
  answersAfter: fc.array(fc.integer({ min: 0, max: 400_000 }), { maxLength: 2 }),
  /** Whether what still hangs when all others have come to rest answers before the next round. */
  answersAtEnd: fc.boolean(),
});
export type Round = typeof round extends fc.Arbitrary<infer T> ? T : never;

export const schedule = fc.record({
  guest: fc.constantFrom<PodGuest>('windows', 'linux'),
  rounds: fc.array(round, { minLength: 1, maxLength: 4 }),
  seed: fc.integer({ min: 1, max: 2 ** 31 - 2 }),
});
export type Schedule = typeof schedule extends fc.Arbitrary<infer T> ? T : never;

const isLone = (id: Id): id is (typeof LONE_IDS)[number] => LONE_IDS.some((lone) => lone === id);

const endpointOf = (id: (typeof LONE_IDS)[number]): string =>
  `9999999${LONE_IDS.indexOf(id) + 1}-1111-4111-8111-111111111111`;

function loneSpec(id: (typeof LONE_IDS)[number]) {
  const spec = fullSpec();
  const { windows } = spec;
  const layerFolders = ['C:\\layers\\app', 'C:\\layers\\base', `C:\\lone\\deep\\${id}`];
  return { ...spec, windows: { ...windows, layerFolders, network: { endpointList: [endpointOf(id)] } } };
}

export const requestOf = (guest: PodGuest, { id, mounts, lifetime, keepOnFailure }: Act): CreateRequest => ({
  ...(isLone(id) ? { id, spec: loneSpec(id) } : podRequest(guest, id, mounts as readonly MountName[])),
  lifetime,
  keepOnFailure,
});

/** A host that has what all the containers need; those of a Windows guest make their scratches. */
export function hostFor(guest: PodGuest): SimulatedHostOptions {
  const { endpoints, ...host } = podHost({ scratchIsThere: guest === 'linux' });
  const lone = Object.fromEntries(LONE_IDS.map(endpointOf).map((ID) => [ID, { ID }]));
  return { ...host, endpoints: { ...(endpoints as Readonly<Record<string, { readonly ID: string }>>), ...lone } };
}
