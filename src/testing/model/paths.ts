/** Paths through a statechart: what happens to it, one thing after the other, and where it stands after each. */
import type { AnyStateMachine } from 'xstate';
import { type AdjacencyValue, getAdjacencyMap, getShortestPaths, getSimplePaths } from 'xstate/graph';
import type { HostActorsOptions } from '../../engine/hostActors.ts';
import { codeNamed } from '../../hcs/codes.ts';
import type { createContainer } from '../../machines/createContainer/machine.ts';
import type { utilityVm } from '../../machines/utilityVm/machine.ts';
import type { Scenario } from '../scenarios.ts';
import type { StageOptions, Start } from '../stage/props.ts';
import { type Recording, record } from '../stage/recording.ts';
import { PATIENCE, Stage } from '../stage/stage.ts';
import type { OwnAnswers } from './answers.ts';
import type { Externals } from './externals.ts';
import type { Happening } from './happening.ts';
import { logicOf, Model, type ModelSnapshot } from './model.ts';
import { keyOf, type ModelState } from './modelState.ts';
import { placesInWords } from './words.ts';

/** A statechart of one's own that has ours in it: made anew for every run, with the actors of that run's host. */
export type MachineOf = (actors: HostActorsOptions) => AnyStateMachine;

export interface PathOptions {
  /** What is asked for, and the host that it is asked of. */
  readonly scenario: Scenario;
  /** `shortest`: one path to every state and over every transition; `simple`: all paths without a circle. Default: `shortest`. */
  readonly kind?: 'shortest' | 'simple';
  /** After a failure, what was acquired is kept. Default: false. */
  readonly keepOnFailure?: boolean;
  /** Where the run begins. Default: `new`. */
  readonly start?: Start;
  /** How many things go otherwise than well, one after the other. Default: 1. */
  readonly mishaps?: number;
  /** The names of the codes that calls fail with. Default: ERROR_ACCESS_DENIED and ERROR_NOT_READY. */
  readonly codes?: readonly string[];
  /** What is said to the statechart from outside. Default, for ours: everything that it understands. */
  readonly events?: Externals;
  /** Which of the things that can happen do. Default: all. */
  readonly filter?: (happening: Happening) => boolean;
  /** How many states are looked at. Default: 20 000. */
  readonly limit?: number;
  /** The input of a statechart of one's own. */
  readonly input?: unknown;
  /** What the actors of a statechart of one's own answer, by the ids of their invokes. */
  readonly answers?: OwnAnswers;
}

export interface PathStep {
  readonly happening: Happening;
  /** Where the statecharts stand then. */
  readonly state: ModelState;
}

/** How a path is set on a stage. */
export interface PathSetting extends StageOptions {
  readonly machineOf: MachineOf | undefined;
  readonly input: unknown;
  readonly answers: OwnAnswers;
  readonly recording: Recording;
  readonly model: Model;
}

export interface ProvisionPath {
  /** What happens that is not simply well, and where that ends: `activateLayer fails with ERROR_NOT_READY -> ...`. */
  readonly name: string;
  readonly initial: ModelState;
  readonly steps: readonly PathStep[];
  readonly setting: PathSetting;
}

const DEFAULT_CODES = ['ERROR_ACCESS_DENIED', 'ERROR_NOT_READY'];
const LIMIT = 20_000;

function codesOf(names: readonly string[] = DEFAULT_CODES): readonly number[] {
  return names.map((name) => {
    const code = codeNamed(name);
    if (code === undefined) throw new RangeError(`there is no code ${name}`);
    return code;
  });
}

const isOurs = (machine: AnyStateMachine | MachineOf): machine is AnyStateMachine => typeof machine !== 'function';

function inputOf({ provisionId, takenUp }: Recording, { scenario, keepOnFailure = false }: PathOptions): unknown {
  const request = scenario.kind === 'vm' ? scenario.request : { ...scenario.request, keepOnFailure };
  return { provisionId, request, keepOnFailure, patience: PATIENCE, ...(takenUp === undefined ? {} : { takenUp }) };
}

interface Walk {
  readonly initial: ModelState;
  readonly routes: ReadonlyArray<readonly PathStep[]>;
  readonly states: readonly ModelState[];
}

/** Walks the model, and remembers where it has been, so that a second walk costs nothing. */
function traversalOf(model: Model, { filter, limit = LIMIT }: PathOptions) {
  const { getInitialSnapshot: _, ...logic } = logicOf(model);
  const initial: ModelSnapshot = { status: 'active', output: undefined, error: undefined, model: model.initial() };
  const seen = new WeakMap<ModelSnapshot, Map<string, ModelSnapshot>>();
  const options = {
    limit,
    events: ({ model: state }: ModelSnapshot) => model.happenings(state).filter((one) => filter?.(one) ?? true),
    serializeState: ({ model: state }: ModelSnapshot) => keyOf(state),
    serializeEvent: ({ type }: Happening) => type,
  };
  const transition: typeof logic.transition = (snapshot, happening, scope) => {
    const known = seen.get(snapshot) ?? new Map<string, ModelSnapshot>();
    seen.set(snapshot, known);
    const next = known.get(happening.type) ?? logic.transition(snapshot, happening, scope);
    known.set(happening.type, next);
    return next;
  };
  return { initial, options, logic: { ...logic, transition, getInitialSnapshot: () => initial } };
}

type Steps = ReadonlyArray<{ readonly event: Happening; readonly state: ModelSnapshot }>;

/** The steps of XState's paths begin with one for the initial state, whose event has happened to nobody. */
function stepsOf(steps: Steps): readonly PathStep[] {
  return steps.slice(1).map(({ event, state }) => ({ happening: event, state: state.model }));
}

function walkOf(model: Model, options: PathOptions): Walk {
  const { initial, logic, options: traversal } = traversalOf(model, options);
  const find = options.kind === 'simple' ? getSimplePaths : getShortestPaths;
  const found = find(logic, traversal).map(({ steps }) => stepsOf(steps));
  const adjacency: ReadonlyArray<AdjacencyValue<ModelSnapshot, Happening>> = Object.values(
    getAdjacencyMap(logic, traversal),
  );
  const states = adjacency.map(({ state }) => state.model);
  if (options.kind === 'simple') return { initial: initial.model, routes: found, states };
  const routeTo = new Map(found.map((route) => [keyOf(route.at(-1)?.state ?? initial.model), route]));
  const edges = adjacency.flatMap(({ state, transitions }) =>
    Object.values(transitions).map(({ event, state: next }) => [
      ...(routeTo.get(keyOf(state.model)) ?? []),
      { happening: event, state: next.model },
    ]),
  );
  return { initial: initial.model, routes: edges, states };
}

function nameOf(steps: readonly PathStep[]): string {
  const told = steps
    .filter(({ happening: { type } }) => !type.endsWith(' succeeds'))
    .map(({ happening }) => happening.type);
  const end = steps.at(-1);
  const what = told.length === 0 ? 'everything succeeds' : told.join(', ');
  return end === undefined ? what : `${what} -> ${placesInWords(end.state.stands)}`;
}

/** Every route that is no beginning of another one. */
function longest(routes: ReadonlyArray<readonly PathStep[]>): ReadonlyArray<readonly PathStep[]> {
  const text = (route: readonly PathStep[]) => route.map(({ happening }) => `${happening.type}\n`).join('');
  const sorted = routes.map((route) => ({ route, key: text(route) })).sort((a, b) => (a.key < b.key ? -1 : 1));
  return sorted
    .filter(({ key }, index) => !(sorted[index + 1]?.key.startsWith(key) ?? false))
    .map(({ route }) => route);
}

/** The paths of a statechart, with all states and transitions that can be seen on them. */
export interface Paths {
  readonly paths: readonly ProvisionPath[];
  readonly states: readonly ModelState[];
}

export async function exploredPaths(machine: AnyStateMachine | MachineOf, options: PathOptions): Promise<Paths> {
  const { scenario, keepOnFailure = false, start = 'new', answers = {}, mishaps = 1, events } = options;
  const stageOptions = { scenario, keepOnFailure, start };
  const recording = await record(await Stage.set(stageOptions));
  const ours = isOurs(machine);
  const input = ours ? inputOf(recording, options) : options.input;
  const onStage = ours ? machine : machine((await Stage.set(stageOptions)).dependencies);
  const model = new Model({
    machine: onStage,
    input,
    recording,
    answers,
    events,
    codes: codesOf(options.codes),
    mishaps,
  });
  const { initial, routes, states } = walkOf(model, options);
  const machineOf = ours ? undefined : machine;
  const setting: PathSetting = { ...stageOptions, machineOf, input, answers, recording, model };
  const paths = longest(routes).map((steps) => ({ name: nameOf(steps), initial, steps, setting }));
  return { paths, states };
}

/**
 * Paths through `createContainer` or `utilityVm`, or through a statechart that has one of them in it: the outcomes of
 * actors, deadlines, and what is said to it are what happens. `runPath` goes along one on a simulated host.
 * @throws {RangeError} for a code that does not exist, and for a scenario that cannot be carried out
 */
export async function provisionPaths(
  machine: typeof createContainer | typeof utilityVm | MachineOf,
  options: PathOptions,
): Promise<readonly ProvisionPath[]> {
  return (await exploredPaths(machine, options)).paths;
}
