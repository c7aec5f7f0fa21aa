import { containerDocument } from '../documents/containerDocument.ts';
import type { createContainer } from '../machines/createContainer/machine.ts';
import { createComputeSystem } from './computeSystem.ts';
import { createCredentials } from './credentials.ts';
import { assignDevices } from './hosted/devices.ts';
import { installDrivers } from './hosted/drivers.ts';
import { mountLayersInVm } from './hosted/layers.ts';
import { attachMounts } from './hosted/mounts.ts';
import { joinNetworkOfVm } from './hosted/network.ts';
import { specOf } from './input.ts';
import { inRun, releaserOn, stopperOn } from './inRun.ts';
import { inTurn } from './inTurn.ts';
import { activateLayer, createScratch, locateVolume, prepareLayer } from './layers.ts';
import { resolveMounts } from './mounts.ts';
import { configureNetwork } from './network.ts';
import { initialize, validate } from './prepare.ts';
import { undoLayers } from './release.ts';
import { reopenSystem } from './reopening.ts';
import type { Runs } from './run.ts';

type CreateActors = NonNullable<Parameters<typeof createContainer.provide>[0]['actors']>;

/** The actors that `createContainer` names, working on the host of `runs`. Made once, for any number of creates. */
export function actorsOn(runs: Runs): CreateActors {
  return {
    initialize: inRun(runs, 'initializing', (run, { request }) => initialize(run, runs, request)),
    validate: inRun(runs, 'validating', (run, input) => validate(run, input)),
    installDrivers: inRun(runs, 'installingDrivers', (run, input) => installDrivers(run, input, input.step)),
    joinNetworkOfVm: inTurn(runs, 'networking', (run, input) => joinNetworkOfVm(run, runs, input)),
    mountLayersInVm: inTurn(runs, 'mountingLayers', (run, input) => mountLayersInVm(run, input)),
    attachMounts: inRun(runs, 'resolvingMounts', (run, input) => attachMounts(run, input)),
    assignDevices: inRun(runs, 'assigningDevices', (run, input) => assignDevices(run, runs, input)),
    configureNetwork: inTurn(runs, 'networking', (run, input) => configureNetwork(run, runs, input)),
    createScratch: inTurn(runs, 'creatingScratch', (run, input) => createScratch(run, input, input.layers ?? [])),
    activateLayer: inTurn(runs, 'mountingLayers', (run, input) => activateLayer(run, input)),
    prepareLayer: inTurn(runs, 'mountingLayers', (run, input) => prepareLayer(run, input, input.layers ?? [])),
    undoLayers: inRun(runs, 'mountingLayers', (run) => undoLayers(run)),
    locateVolume: inTurn(runs, 'mountingLayers', (run, input) => locateVolume(run, input)),
    resolveMounts: inRun(runs, 'resolvingMounts', (run, input) => resolveMounts(run, input)),
    createCredentials: inRun(runs, 'creatingCredentials', (run, input) => createCredentials(run, input)),
    buildDocument: inRun(runs, 'documenting', (_run, input): object =>
      containerDocument({ ...input, spec: specOf(input) }),
    ),
    createComputeSystem: inTurn(runs, 'creatingComputeSystem', (run, { settings, document }) =>
      createComputeSystem(run, settings, document),
    ),
    stopCall: stopperOn(runs),
    reopenSystem: inRun(runs, 'reconciling', (run) => reopenSystem(run)),
    releaseResources: releaserOn(runs),
  };
}
