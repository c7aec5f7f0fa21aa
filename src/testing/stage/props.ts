/** What a stage is set with. */
import type { VirtualClock } from '../../hcs/simulated/clock.ts';
import type { SimulatedHost } from '../../hcs/simulated/simulatedHost.ts';
import type { LedgerStore } from '../../journal/store.ts';
import type { VmStore } from '../../journal/vmStore.ts';
import type { Scenario } from '../scenarios.ts';

/** `new`, or taken up from a process that has ended: when it was provisioned, held, had residue, or was in the middle. */
export type Start = 'new' | 'provisioned' | 'held' | 'residue' | 'interrupted';

export interface StageOptions {
  readonly scenario: Scenario;
  readonly keepOnFailure: boolean;
  readonly start: Start;
}

/** What everything on one stage works with. */
export interface Props {
  readonly host: SimulatedHost;
  readonly store: LedgerStore;
  readonly vms: VmStore;
  /** The waits of actors pass by themselves. */
  readonly actorClock: VirtualClock;
}
