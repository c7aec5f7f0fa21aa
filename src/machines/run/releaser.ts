import type { ActorRef, Snapshot } from 'xstate';
import type { Patience } from '../../domain/deadlines.ts';
import type { ProvisionId } from '../../domain/ids.ts';
import type { ReleaseSettled } from '../releaseResources.ts';
import { errorOf } from './transitions.ts';

interface OfRoot {
  readonly context: { readonly provisionId: ProvisionId; readonly patience: Patience };
  readonly self: ActorRef<Snapshot<unknown>, ReleaseSettled>;
}

/** Invoked by the root of every run, so that no transition can stop it. */
export const releaser = {
  id: 'releaser',
  src: 'releaseResources',
  input: ({ context: { provisionId, patience }, self }: OfRoot) => ({ provisionId, patience, parent: self }),
  onDone: {},
  onError: { target: '.residue', actions: { type: 'recordFault', params: errorOf } },
} as const;
