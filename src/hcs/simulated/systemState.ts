/** A compute system as the simulated host keeps it: plain JSON. */
import type { ContainerId, VmId } from '../../domain/ids.ts';
import type { SystemExit } from '../../domain/process.ts';
import type { Guest } from '../../vm/guestPaths.ts';
import type { SimulatedVm } from './vm/simulatedVm.ts';

export interface SimulatedSystem {
  readonly id: ContainerId | VmId;
  readonly owner: string;
  readonly runtimeId: string;
  /** Whether it ends with its last handle. */
  readonly endsWithLastHandle: boolean;
  /** What it stands on, lower case: its volume and its namespace. */
  readonly volume: string;
  readonly namespace: string;
  /** What makes it a utility VM; absent for a container. */
  readonly vm?: SimulatedVm;
  /** The VM that hosts it, lower case, and what it stands on there (`partKey`). */
  readonly hosted?: { readonly vm: string; readonly standsOn: readonly string[] };
  /** What its processes run on. */
  readonly os: Guest;
  /** Whether it is a VM, or has one to itself. */
  readonly canPause: boolean;
  /** The first process of a Linux container, which its document describes. */
  readonly init?: { readonly commandLine: string; readonly isTerminal: boolean };
  state: 'Created' | 'Running' | 'Paused' | 'Stopped';
  /** Milliseconds since 1970. */
  startedAt?: number;
  isShuttingDown: boolean;
  /** How it ended, of one that has. */
  exit?: SystemExit;
  /** The processes that run in it. */
  readonly pids: number[];
  readonly usage: SystemUsage;
}

/** What a system has used so far. */
export interface SystemUsage {
  /** How many processes were made, and how many ran at once. */
  made: number;
  most: number;
  /** Milliseconds that processes lived which have ended. */
  endedMs: number;
}

export interface SimulatedHandle {
  readonly system: SimulatedSystem;
  /** The process that opened it. */
  readonly process: string;
}
