import type { utilityVm } from '../../machines/utilityVm/machine.ts';
import { inRun, releaserOn, stopperOn } from '../inRun.ts';
import { inTurn } from '../inTurn.ts';
import { reopenSystem } from '../reopening.ts';
import type { Runs } from '../run.ts';
import { prepareHost } from './host.ts';
import { initializeVm, validateVmRequest } from './prepare.ts';
import { buildVmDocument, configureGuest, createVm, startVm } from './system.ts';

type VmActors = NonNullable<Parameters<typeof utilityVm.provide>[0]['actors']>;

/** The actors that `utilityVm` names, working on the host of `runs`. Made once, for any number of VMs. */
export function vmActorsOn(runs: Runs): VmActors {
  return {
    initialize: inRun(runs, 'initializing', (run, { request }) => initializeVm(run, runs, request)),
    validate: inRun(runs, 'validating', (run, input) => validateVmRequest(run, runs, input)),
    prepareHost: inRun(runs, 'preparing', (run, input) => prepareHost(run, input)),
    buildDocument: inRun(runs, 'documenting', (_run, input) => buildVmDocument(input)),
    createVm: inTurn(runs, 'creating', (run, { document, ...input }) => createVm(run, input, document)),
    startVm: inTurn(runs, 'starting', (run, input) => startVm(run, input)),
    configureGuest: inRun(runs, 'configuringGuest', (run, input) => configureGuest(run, runs, input)),
    stopCall: stopperOn(runs),
    reopenSystem: inRun(runs, 'reconciling', (run) => reopenSystem(run)),
    releaseResources: releaserOn(runs),
  };
}
