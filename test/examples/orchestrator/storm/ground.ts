/** The host of a storm, and what goes wrong on it. */
import { join } from 'node:path';
import fc from 'fast-check';
import { fileLedgerStore } from 'slipway';
import {
  type FaultMoment,
  type InjectedFault,
  keptSimulatedHost,
  type SimulatedHost,
  type SimulatedHostOptions,
} from 'slipway/testing';

const HOST: SimulatedHostOptions = {
  files: [{ path: 'C:\\layers\\base', dir: true }],
  processes: [
    { match: 'serve', forever: true },
    { match: 'job', afterMs: 200 },
    { match: 'crash', afterMs: 100, exitCode: 3 },
  ],
};

export const hostIn = (folder: string): SimulatedHost => keptSimulatedHost(join(folder, 'host'), HOST);
export const journalIn = (folder: string) => fileLedgerStore(join(folder, 'runs'));

/** What a process of the orchestrator says of itself. */
export interface Said {
  readonly url: string;
  readonly calls: number;
  readonly faults: Readonly<Record<FaultMoment, number>>;
}

/** One call in so many goes wrong. */
const ONE_IN = 10;
/** More calls than a process makes before it is killed. */
const MOST_FAULTS = 1_000;

const MOMENTS: readonly FaultMoment[] = [
  'before',
  'before',
  'before',
  'after',
  'after',
  'after',
  'never',
  'neverAfterEffect',
];
/** ERROR_NOT_READY, ERROR_NOT_ENOUGH_MEMORY and ERROR_DELETE_PENDING go away; ERROR_ACCESS_DENIED does not. */
const CODES: readonly number[] = [0x80070015, 0x80070015, 0x80070008, 0x80070008, 0x8007012f, 0x8007012f, 0x80070005];

/** Has every tenth call go wrong, in an order that the seed decides. */
export function armedFaults(host: SimulatedHost, seed: number): readonly InjectedFault[] {
  const kind = fc.record({ when: fc.constantFrom(...MOMENTS), hresult: fc.constantFrom(...CODES) });
  const faults = fc
    .sample(kind, { seed, numRuns: MOST_FAULTS })
    .map((fault, index) => ({ ...fault, nth: (index + 1) * ONE_IN }));
  for (const fault of faults) host.inject(fault);
  return faults;
}
