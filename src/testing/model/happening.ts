import type { EventObject } from 'xstate';
import type { AdmissionClass } from '../../domain/admission.ts';
import type { Fault } from '../../domain/fault.ts';
import type { WhichResources } from '../../machines/releaseResources.ts';

interface AnyHappening {
  /** In words; the same for the same happening. */
  readonly type: string;
  /** The statechart that it happens to: `''` is the root. */
  readonly place: string;
  /** What that statechart hears. */
  readonly event: EventObject;
}

/** One thing that may happen to a run next. */
export type Happening = AnyHappening &
  (
    | { readonly kind: 'succeeds'; readonly actor: string }
    | { readonly kind: 'fails'; readonly actor: string; readonly hresult: number; readonly fault: Fault }
    /** The earliest deadline or pause is over. */
    | { readonly kind: 'timePasses'; readonly ms: number }
    /** Somebody says something to it. */
    | { readonly kind: 'isTold' }
    | { readonly kind: 'waitsForTurn'; readonly actor: string; readonly class: AdmissionClass }
    | { readonly kind: 'turnComes'; readonly actor: string; readonly class: AdmissionClass }
    /** `refused`: how many of the resources the host refuses to release. */
    | {
        readonly kind: 'isReleased';
        readonly which: WhichResources | 'waive';
        readonly residue: number;
        readonly refused: number;
      }
    /** The statechart that releases has broken. */
    | { readonly kind: 'breaks' }
  );
