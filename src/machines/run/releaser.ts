import type { ActorRef, Snapshot } from 'xstate';
import type { Patience } from '../../domain/deadlines.ts';
import type { ProvisionId } from '../../domain/ids.ts';
import type { ReleaseSettled } from '../releaseResources.ts';
import { errorOf } from './transitions.ts';

interface OfRoot {
  readonly context: { readonly provisionId: ProvisionId; readonly patience: Patience };
  readonly self: ActorRef<Snapshot<unknown>, ReleaseSettled>;
}

/** How much is left is not known when it breaks. */
const unknownResidue = { type: 'emitReleaseFinished', params: { residue: Number.POSITIVE_INFINITY } } as const;

/**
 * Invoked by the root of every run, so that no transition can stop it. Where it breaks, which is a defect of ours, the
 * root is entered anew, and another one with it: a retry must find one that listens. The run has failed only if it had
 * failed before: what has been there goes on being given back as that.
 */
export const releaser = {
  id: 'releaser',
  src: 'releaseResources',
  input: ({ context: { provisionId, patience }, self }: OfRoot) => ({ provisionId, patience, parent: self }),
  onDone: {},
  onError: {
    target: '.residue',
    reenter: true,
    actions: [{ type: 'emitFailed', params: errorOf }, unknownResidue],
  },
} as const;
