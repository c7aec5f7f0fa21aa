import { v4 as uuid } from 'uuid';
import { actorsOn } from '../actors/hostActors.ts';
import { type ActorDependencies, Runs } from '../actors/run.ts';
import { vmActorsOn } from '../actors/vm/hostActors.ts';
import { realClock } from '../hcs/clock.ts';
import { memoryLedgerStore } from '../journal/store.ts';
import { memoryVmStore } from '../journal/vmStore.ts';

/** The host is all that has to be given. */
export type HostActorsOptions = Pick<ActorDependencies, 'host'> & Partial<ActorDependencies>;

function runsOf(options: HostActorsOptions): Runs {
  return new Runs({
    store: memoryLedgerStore(),
    vms: memoryVmStore(),
    clock: realClock(),
    owner: 'slipway',
    newId: () => uuid(),
    ...options,
  });
}

/**
 * The actors for a `createContainer` that you run yourself:
 * `createActor(createContainer.provide({ actors: hostActors({ host }) }), { input: { provisionId, request } })`.
 */
export function hostActors(options: HostActorsOptions): ReturnType<typeof actorsOn> {
  return actorsOn(runsOf(options));
}

/** The same for a `utilityVm`. */
export function vmHostActors(options: HostActorsOptions): ReturnType<typeof vmActorsOn> {
  return vmActorsOn(runsOf(options));
}
