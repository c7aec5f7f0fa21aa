/** Where a run begins: by itself, or where another process has left it. */
import type { ProvisionId } from '../../domain/ids.ts';
import { createProvisioner } from '../../engine/provisioner.ts';
import type { TakenUpRun } from '../../engine/provisionRun.ts';
import { whereOf } from '../../engine/takingUp.ts';
import { virtualClock } from '../../hcs/simulated/clock.ts';
import type { CallName } from '../../hcs/simulated/faults.ts';
import type { SimulatedProcess } from '../../hcs/simulated/simulatedHost.ts';
import { summaryOf } from '../../journal/runSummary.ts';
import type { Scenario } from '../scenarios.ts';
import type { Props, StageOptions } from './props.ts';

export interface LeftRun {
  readonly id: ProvisionId;
  readonly takenUp: TakenUpRun;
}

/** The call that makes what the scenario asks for. */
function lastCallOf(scenario: Scenario): CallName {
  if (scenario.kind === 'vm') return 'compute.start';
  return scenario.vm === undefined ? 'compute.create' : 'guest.createContainer';
}

function breakOn(props: Props, { scenario, start }: StageOptions): () => void {
  const call = lastCallOf(scenario);
  // What the death of the service would answer is not asked: the process that waits for it is to stay silent.
  const isOnHost = scenario.kind === 'container' && scenario.vm === undefined;
  if (start === 'interrupted') return props.host.inject({ call: isOnHost ? 'layers.prepare' : call, when: 'never' });
  if (start === 'held') return props.host.inject({ call, when: 'before' });
  if (start !== 'residue') return () => {};
  const refused = scenario.kind === 'vm' ? 'compute.terminate' : 'files.removeFolder';
  const heals = [
    props.host.inject({ call, when: 'before' }),
    props.host.inject({ call: refused, when: 'before', every: true }),
  ];
  return () => {
    for (const heal of heals) heal();
  };
}

async function beginElsewhere(props: Props, options: StageOptions, process: SimulatedProcess): Promise<ProvisionId> {
  const { scenario, start } = options;
  const { store, vms, actorClock, host } = props;
  // The deadlines of a process that is about to end in the middle must not pass before.
  const clock = start === 'interrupted' ? virtualClock() : actorClock;
  const provisioner = await createProvisioner({ host: process, journal: store, vms, clock });
  const heal = breakOn(props, options);
  const keepOnFailure = start === 'held';
  const lifetime = 'host';
  const create =
    scenario.kind === 'container'
      ? provisioner.create({ ...scenario.request, keepOnFailure, lifetime })
      : provisioner.createVm({ ...scenario.request, lifetime }, { keepOnFailure });
  if (start === 'interrupted') {
    while (host.pendingCalls === 0) await new Promise((resolve) => setImmediate(resolve));
  } else {
    await Promise.allSettled([create.result]);
  }
  heal();
  return create.id;
}

/** What another process has left of the run, which is over; undefined for one that begins by itself. */
export async function leftByAnother(props: Props, options: StageOptions): Promise<LeftRun | undefined> {
  if (options.start === 'new') return undefined;
  const process = props.host.attach();
  const id = await beginElsewhere(props, options, process);
  process.end();
  const summary = summaryOf(id, await props.store.read(id), { hasEnded: () => true });
  if (summary === undefined) throw new RangeError(`the run ${id} was not begun`);
  return { id, takenUp: { where: whereOf(summary), entries: summary.resources, heldUntil: 'never' } };
}
