/** Statecharts without a host: ours with actors that answer at once, and the least that XState can do. */
import { createActor, fromPromise, setup, waitFor } from 'xstate';
import { createContainer, releaseResources } from '../src/machines/index.ts';
import { validateWeb, webAllocations, webSettings } from './parts.ts';
import { FACTS, newProvisionId, webRequest } from './web.ts';

/** How many promises the bare machine awaits: as many steps as a create has that call something. */
const STATES = 10;

const STATE_NAMES = Array.from({ length: STATES }, (_, index) => `step${index}`);

const bareMachine = setup({ actors: { work: fromPromise(async () => {}) } }).createMachine({
  id: 'bare',
  initial: 'step0',
  states: {
    ...Object.fromEntries(
      STATE_NAMES.map((name, index) => [
        name,
        { invoke: { id: 'work', src: 'work' as const, onDone: { target: STATE_NAMES[index + 1] ?? 'done' } } },
      ]),
    ),
    done: { type: 'final' as const },
  },
});

/** Ten invoked promises, one after the other. */
export async function runBareChart(): Promise<void> {
  const actor = createActor(bareMachine);
  const done = waitFor(actor, (snapshot) => snapshot.status === 'done');
  actor.start();
  await done;
}

/** An actor that answers at once, whatever it is asked. */
const answering = <Output, Input>(output: NoInfer<Output>) => fromPromise<Output, Input>(async () => output);

function webChart() {
  const { spec, plan, warnings } = validateWeb();
  const { layers, deviceExtensions, mountSources, networkNamespace, volumePath } = webAllocations;
  return createContainer.provide({
    actors: {
      initialize: answering({ settings: webSettings(), facts: FACTS }),
      validate: answering({ spec, plan, warnings, allocated: { layers, deviceExtensions } }),
      configureNetwork: answering({ networkNamespace }),
      createScratch: answering(undefined),
      activateLayer: answering(undefined),
      prepareLayer: answering(undefined),
      locateVolume: answering({ volumePath }),
      resolveMounts: answering({ mountSources }),
      buildDocument: answering({}),
      createComputeSystem: answering(undefined),
      releaseResources: releaseResources.provide({ actors: { listAlive: answering([]) } }),
    },
  });
}

/** A function that runs the create statechart until it is provisioned. */
export function webChartRunner(): () => Promise<void> {
  const machine = webChart();
  const request = webRequest();
  return async () => {
    const actor = createActor(machine, { input: { provisionId: newProvisionId(), request } });
    const provisioned = waitFor(actor, (snapshot) => snapshot.hasTag('provisioned'));
    actor.start();
    await provisioned;
  };
}
