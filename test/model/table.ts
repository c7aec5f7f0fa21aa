/** What happens in a state, and where it leads: a line each, so that a change of a statechart is a change of a file. */
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { ALL_MACHINES } from '../../src/machines/all.ts';
import { container, createContainer, process, utilityVm } from '../../src/machines/index.ts';
import type { ModelState } from '../../src/testing/model/modelState.ts';
import { exploredPaths, type PathOptions } from '../../src/testing/model/paths.ts';
import { placesInWords } from '../../src/testing/model/words.ts';
import { scenarios } from '../../src/testing/scenarios.ts';
import { type Alone, stepsOf } from './alone.ts';
import { LIVES } from './lives.ts';

const { plain, linuxVm, windowsInVmWithDevices } = scenarios;

/** Runs whose steps are written down. */
const RUNS: Readonly<Record<string, PathOptions>> = {
  container: { scenario: plain, mishaps: 2 },
  containerKept: { scenario: plain, mishaps: 1, keepOnFailure: true },
  containerInVm: { scenario: windowsInVmWithDevices, mishaps: 1 },
  containerWithoutService: { scenario: plain, mishaps: 1, codes: ['HCS_E_SERVICE_DISCONNECT'] },
  vm: { scenario: linuxVm, mishaps: 2 },
  vmKept: { scenario: linuxVm, mishaps: 1, keepOnFailure: true },
  takenUpProvisioned: { scenario: plain, mishaps: 1, start: 'provisioned' },
  takenUpHeld: { scenario: plain, mishaps: 1, start: 'held' },
  takenUpResidue: { scenario: plain, mishaps: 1, start: 'residue' },
  takenUpInterrupted: { scenario: plain, mishaps: 1, start: 'interrupted' },
};

function standing({ stands, facts }: ModelState): string {
  const fault = stands.get('')?.snapshot.context.fault?.code;
  const release = facts.get('')?.release ?? null;
  const words = [fault, release === null ? undefined : `releasing ${release}`].filter((word) => word !== undefined);
  return `${placesInWords(stands)}${words.length === 0 ? '' : ` (${words.join(', ')})`}`;
}

async function runTable(options: PathOptions): Promise<readonly string[]> {
  const machine = options.scenario.kind === 'vm' ? utilityVm : createContainer;
  const { paths } = await exploredPaths(machine, options);
  const lines = new Set<string>();
  for (const { initial, steps } of paths) {
    let before = initial;
    for (const { happening, state } of steps) {
      lines.add(`${standing(before)} | ${happening.type} | ${standing(state)}`);
      before = state;
    }
  }
  return [...lines].sort();
}

function lifeTable(alone: Alone): readonly string[] {
  const lines = stepsOf(alone).map(({ before, words, after }) => `${standing(before)} | ${words} | ${standing(after)}`);
  return [...new Set(lines)].sort();
}

/** What is written down, by the name of its file in `golden`. */
export const TABLES: Readonly<Record<string, () => Promise<readonly string[]>>> = Object.fromEntries([
  ...Object.entries(RUNS).map(([name, options]) => [name, () => runTable(options)]),
  ...Object.entries(LIVES).map(([name, alone]) => [name, async () => lifeTable(alone)]),
]);

const EVENTS = [
  'provision.cancel',
  'resources.release',
  'lease.expired',
  'release.retry',
  'release.waive',
  'release.settled',
  'service.disconnected',
  'turn.awaited',
  'turn.came',
  'vm.stop',
  'vm.exited',
  'release.begin',
  'release.abandoned',
  'resource.settled',
];

const LIFE_EVENTS = [
  'container.start',
  'container.pause',
  'container.resume',
  'container.stop',
  'container.delete',
  'system.exited',
  'service.disconnected',
  'service.reconciled',
  'run.ended',
  'process.running',
  'process.unanswered',
  'process.exited',
  'system.ended',
  'system.found',
  'handle.lost',
  'watch.failed',
];

const eventsOf = ({ id }: AnyStateMachine): readonly string[] =>
  id === container.id || id === process.id ? LIFE_EVENTS : EVENTS;

const leavesOf = (node: AnyStateNode): readonly AnyStateNode[] =>
  Object.keys(node.states).length === 0 ? [node] : Object.values(node.states).flatMap(leavesOf);

/** `taken`: it leads to another state; `noted`: it is dealt with, and the state stays; else it is ignored. */
function reactionOf(leaf: AnyStateNode, event: string): string {
  for (let node: AnyStateNode | undefined = leaf; node !== undefined; node = node.parent) {
    const candidates = node.transitions.get(event) ?? [];
    if (candidates.length > 0) return candidates.some(({ target }) => target !== undefined) ? 'taken' : 'noted';
  }
  return 'ignored';
}

/** Every event in every state in which a statechart can rest. */
export const eventsTable = (): readonly string[] =>
  ALL_MACHINES.flatMap((machine) =>
    leavesOf(machine.root)
      .filter(({ type, always }) => type === 'atomic' && (always ?? []).length === 0)
      .map((leaf) => {
        const reactions = eventsOf(machine).map((event) => `${event} ${reactionOf(leaf, event)}`);
        const heeded = reactions.filter((one) => !one.endsWith('ignored'));
        return `${machine.id} ${leaf.path.join('.')} | ${heeded.length === 0 ? 'ignores all' : heeded.join(', ')}`;
      }),
  );
