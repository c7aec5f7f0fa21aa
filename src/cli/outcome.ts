import type { ProvisionEvent } from '../domain/events.ts';
import type { LedgerEntry } from '../domain/resource.ts';
import type { ProvisionFault } from '../engine/faults.ts';
import type { HeldRun } from '../engine/leftovers.ts';
import type { Provisioned } from '../engine/provision.ts';
import type { BadInput } from './input.ts';

/** What a command ends its process with. */
export const EXIT = { done: 0, failed: 1, badInput: 2, noHost: 3, interrupted: 130 } as const;

/** Where a command writes: results and progress, and what went wrong. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** What is to be seen on a simulated host. */
export interface Seen {
  /** What is new on it, a line each. */
  readonly alive: readonly string[];
  /** What was changed, in order. */
  readonly effects: readonly object[];
}

/** How a create is told to whoever looks at it. */
export interface CreateReport {
  started(containerId: string): void;
  event(event: ProvisionEvent): void;
  /** The container exists. */
  created(provisioned: Provisioned, seen: Seen | undefined): void;
  failed(fault: ProvisionFault, left: readonly LedgerEntry[], seen: Seen | undefined, held?: HeldRun): void;
  refused(problem: BadInput): void;
  interrupted(): void;
}
