import type { AdmissionClass } from './admission.ts';
import type { LifeEvent } from './containerLife.ts';
import type { Fault, HostFailure } from './fault.ts';
import type { Finding } from './finding.ts';
import type { ProvisionId } from './ids.ts';
import type { LedgerEntry } from './resource.ts';
import type { Phase, StepName } from './step.ts';

/** What became of a compute system when the service went away and came back. */
export type SystemAfterLoss = 'there' | 'gone';

/** What the statechart itself says while it runs. */
export type MachineEvent =
  | { readonly type: 'request.warned'; readonly finding: Finding }
  | { readonly type: 'step.started'; readonly step: StepName }
  | { readonly type: 'step.skipped'; readonly step: StepName; readonly reason: string }
  /** As much work of its class as may goes on; `ahead` others are served before it. */
  | {
      readonly type: 'step.queued';
      readonly step: StepName;
      readonly class: AdmissionClass;
      readonly ahead: number;
    }
  /** It is the turn of a step that was queued: its work and its deadline begin. */
  | { readonly type: 'step.admitted'; readonly step: StepName; readonly class: AdmissionClass }
  | { readonly type: 'step.finished'; readonly step: StepName }
  | { readonly type: 'step.failed'; readonly step: StepName; readonly fault: Fault }
  /** The step is tried again, for the `attempt`-th time, after `delayMs`. */
  | {
      readonly type: 'step.retrying';
      readonly step: StepName;
      readonly attempt: number;
      readonly delayMs: number;
      readonly fault: Fault;
    }
  /** The deadline passed, or a call did not stop when asked: what it did is not known. */
  | { readonly type: 'step.outcomeUnknown'; readonly step: StepName; readonly fault: Fault }
  | { readonly type: 'provision.cancelRequested'; readonly reason: string }
  | { readonly type: 'provision.completed' }
  /** A utility VM ended that nobody had stopped. */
  | { readonly type: 'vm.exited'; readonly reason: string }
  /** The same of a container. */
  | { readonly type: 'container.exited'; readonly reason: string }
  /** The Host Compute Service went away: the handles of the run are dead. */
  | { readonly type: 'service.disconnected' }
  /** It is back, and was asked for the system of the run; `there` also when the run has none. */
  | { readonly type: 'service.reconciled'; readonly found: SystemAfterLoss }
  /** It did not come back in time. */
  | { readonly type: 'service.unreachable'; readonly attempts: number }
  | { readonly type: 'provision.held'; readonly fault: Fault }
  /** What was held is released: nobody had done so in time. */
  | { readonly type: 'lease.expired' }
  | { readonly type: 'release.started'; readonly purpose: 'rollback' | 'release' }
  | { readonly type: 'release.finished'; readonly purpose: 'rollback' | 'release'; readonly residue: number };

/** What the ledger and the calls to the host say. */
export type HostEvent =
  | { readonly type: 'call.started'; readonly call: string; readonly phase: Phase; readonly target: string }
  | {
      readonly type: 'call.answered';
      readonly call: string;
      readonly phase: Phase;
      readonly target: string;
      readonly durationMs: number;
      /** Absent when the call succeeded. */
      readonly failure?: HostFailure;
    }
  /** A ledger entry is new, or its state changed. */
  | { readonly type: 'resource.changed'; readonly entry: LedgerEntry };

/** What is said of a run and of the container that came of it, besides what the host is asked. */
export type RunEvent = MachineEvent | LifeEvent;

/** One thing that happened in a provision. `atMs` is monotonic, from the start of the run. */
export type ProvisionEvent = (RunEvent | HostEvent) & {
  readonly provisionId: ProvisionId;
  /** Counts the events of one provision from 1. */
  readonly sequence: number;
  readonly atMs: number;
};
