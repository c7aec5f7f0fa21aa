import type { EventObject } from 'xstate';
import type { Stand } from './machinery.ts';

export type Externals = readonly EventObject[];

/** What is said to the statecharts of this id; `words` tell it from other events of its type. */
export interface ToldTo {
  readonly to: string;
  readonly event: EventObject;
  readonly words?: string;
}

export const toldInWords = ({ type }: EventObject, words?: string): string =>
  `it is told ${type}${words === undefined ? '' : ` (${words})`}`;

const told = (type: string, more: object = {}): EventObject => Object.assign({ type }, more);

/** What may be said to any run. */
const TO_RUNS: Externals = [
  told('provision.cancel', { reason: 'a test cancels it' }),
  told('resources.release'),
  told('lease.expired'),
  told('release.retry'),
  told('release.waive', { resource: 'the first residue' }),
  told('service.disconnected'),
];

const TO_VMS: Externals = [told('vm.stop'), told('vm.exited', { reason: 'its guest has crashed' })];

const BY_MACHINE: Readonly<Record<string, Externals>> = {
  createContainer: TO_RUNS,
  utilityVm: [...TO_RUNS, ...TO_VMS],
};

/** What may be said to a statechart from outside. */
export function externalsOf({ machine }: Stand, given: Externals | undefined): Externals {
  return given ?? BY_MACHINE[machine.id] ?? [];
}
