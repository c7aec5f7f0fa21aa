/** What can happen to a statechart, with everything that it invokes: a graph that `xstate/graph` can walk. */
import type { ActorLogic, AnyMachineSnapshot, AnyStateMachine, EventObject, Snapshot } from 'xstate';
import type { Recording } from '../stage/recording.ts';
import { type Answer, answersOf, type OwnAnswers } from './answers.ts';
import { type Externals, externalsOf, type ToldTo, toldInWords } from './externals.ts';
import {
  afterFailure,
  afterHanging,
  afterRelease,
  afterSuccess,
  afterTold,
  type Facts,
  heardOf,
  NO_FACTS,
  possibleResidues,
} from './facts.ts';
import type { Happening } from './happening.ts';
import { doneEvent, errorEvent, Machinery, type Moved, type Stand } from './machinery.ts';
import type { ModelState } from './modelState.ts';
import { childrenOf, cutOff, forgetLeft, pendingOf, turnsOf } from './pending.ts';
import { dueNext, timersAfter } from './timers.ts';

/** The same, as XState wants the states of logic to be. */
export type ModelSnapshot = Snapshot<unknown> & { readonly model: ModelState };

export interface ModelOptions {
  readonly machine: AnyStateMachine;
  readonly input: unknown;
  /** What the run does when all goes well. */
  readonly recording: Recording | undefined;
  /** What actors answer that are no steps of a run: by the id of their invoke. */
  readonly answers: OwnAnswers;
  /** What else is said to the root. Default: everything that its kind of run understands. */
  readonly events: Externals | undefined;
  /** What is said to statecharts by their ids, wherever they are: besides `events`. */
  readonly told?: readonly ToldTo[];
  /** The codes that calls fail with. */
  readonly codes: readonly number[];
  /** How many things may go otherwise than well, one after the other. */
  readonly mishaps: number;
}

/** The recording, where the statechart is that of the run; undefined for one that drives none. */
function recordingFor({ machine }: Stand, recording: Recording | undefined): Recording | undefined {
  return machine.id === recording?.machine ? recording : undefined;
}

export class Model {
  readonly #options: ModelOptions;
  readonly #machinery = new Machinery();

  constructor(options: ModelOptions) {
    this.#options = options;
  }

  initial(): ModelState {
    const { machine, input, recording } = this.#options;
    const moved = this.#machinery.begin(machine, input);
    const root = moved.stands.get('');
    const found = (root && recordingFor(root, recording)?.found) ?? [];
    const owns = found.map((kind) => ({ by: 'another process', kind, state: 'held' as const }));
    return this.#next(moved, new Map([['', { ...NO_FACTS, owns }]]), undefined, { ms: 0, cost: 0 });
  }

  /** Everything that may happen next, in the order in which it is tried. */
  happenings(state: ModelState): readonly Happening[] {
    const stands = [...state.stands.values()];
    const time = dueNext(state.timers);
    const all = [
      ...stands.flatMap((stand) => this.#ofActors(state, stand)),
      ...stands.flatMap((stand) => this.#ofReleaser(state, stand)),
      ...(time === undefined ? [] : [time]),
      ...this.#ofRoot(state),
      ...stands.flatMap((stand) => this.#ofOthers(stand)),
    ];
    return all.filter((happening) => this.#costOf(state, happening) <= state.mishapsLeft);
  }

  #costOf(state: ModelState, happening: Happening): number {
    const facts = state.facts.get(happening.place) ?? NO_FACTS;
    switch (happening.kind) {
      case 'succeeds': {
        const [best] = this.#options.answers[happening.actor] ?? [];
        return best === undefined || happening.type.endsWith(`${happening.actor} ${best.words}`) ? 0 : 1;
      }
      case 'turnComes':
        return 0;
      case 'fails':
        return isForced(happening, facts) ? 0 : 1;
      case 'isReleased':
        return happening.residue === possibleResidues(facts)[0] ? 0 : 1;
      case 'timePasses': {
        const stand = state.stands.get(happening.place);
        return stand === undefined || pendingOf(stand, state.stands, facts).length === 0 ? 0 : 1;
      }
      default:
        return 1;
    }
  }

  after(state: ModelState, happening: Happening): ModelState {
    const { place, event } = happening;
    const facts = new Map(state.facts).set(place, this.#factsAfter(state, happening));
    const moved = this.#machinery.deliver(state.stands, place, event);
    const ms = happening.kind === 'timePasses' ? happening.ms : 0;
    return this.#next(moved, facts, state, { ms, cost: this.#costOf(state, happening) });
  }

  #factsAfter(state: ModelState, happening: Happening): Facts {
    const stand = state.stands.get(happening.place);
    const facts = state.facts.get(happening.place) ?? NO_FACTS;
    const recording = stand && recordingFor(stand, this.#options.recording);
    if (stand === undefined) return facts;
    if (recording === undefined) return 'actor' in happening ? heardOf(facts, happening.actor) : facts;
    switch (happening.kind) {
      case 'succeeds':
        return afterSuccess(facts, happening.actor, recording);
      case 'fails':
        return afterFailure(facts, happening.actor, recording);
      case 'isReleased':
        return afterRelease(facts, happening.residue);
      case 'waitsForTurn':
        return { ...facts, turn: 'waits' };
      case 'turnComes':
        return { ...facts, turn: 'came' };
      case 'breaks':
        return { ...facts, release: null };
      case 'timePasses':
      case 'isTold': {
        const waiting = facts.turn === 'waits' ? [] : pendingOf(stand, state.stands, facts);
        const hanging = waiting.reduce((next, actor) => afterHanging(next, actor, recording), facts);
        return happening.event.type === 'service.disconnected' ? cutOff(hanging, recording) : hanging;
      }
      default:
        return facts;
    }
  }

  #next(
    moved: Moved,
    before: ReadonlyMap<string, Facts>,
    from: ModelState | undefined,
    { ms, cost }: { readonly ms: number; readonly cost: number },
  ): ModelState {
    const facts = new Map<string, Facts>();
    for (const [place, { snapshot }] of moved.stands) {
      const told = moved.told.filter((one) => one.place === place && one.actor === 'releaser');
      const kept = forgetLeft(before.get(place) ?? NO_FACTS, from?.stands.get(place)?.snapshot, snapshot);
      facts.set(
        place,
        told.reduce((next, { event }) => afterTold(next, event), kept),
      );
    }
    const mishapsLeft = (from?.mishapsLeft ?? this.#options.mishaps) - cost;
    const { stands, taken } = moved;
    return { stands, facts, timers: timersAfter(from?.timers, stands, ms), taken, mishapsLeft };
  }

  #ofActors(state: ModelState, stand: Stand): readonly Happening[] {
    const facts = state.facts.get(stand.place) ?? NO_FACTS;
    const recording = recordingFor(stand, this.#options.recording);
    const breakable = childrenOf(stand, state.stands).filter((id) => id in this.#options.answers);
    return [...pendingOf(stand, state.stands, facts), ...breakable].flatMap((actor): readonly Happening[] => {
      // Whose turn it is inside a statechart of somebody else's is decided by actors that the stage has not made.
      const turns = recording === undefined || stand.place !== '' ? [] : turnsOf(stand, facts, actor);
      if (facts.turn === 'waits' && turns.length > 0) return turns;
      const answers = answersOf({
        stand,
        facts,
        actor,
        recording,
        own: this.#options.answers,
        codes: this.#options.codes,
      });
      return [...answers.map((answer) => answered(stand.place, actor, answer)), ...turns];
    });
  }

  #ofReleaser(state: ModelState, { place }: Stand): readonly Happening[] {
    const facts = state.facts.get(place) ?? NO_FACTS;
    const { release: which } = facts;
    if (which === null) return [];
    return possibleResidues(facts).map((residue, index) => {
      const event: EventObject = Object.assign({ type: 'release.settled' }, { residue });
      const words = residue === 0 ? 'the release leaves nothing' : `the release leaves ${residue}`;
      const refused = index === 0 ? 0 : residue;
      return { kind: 'isReleased', type: wordsAt(place, words), place, event, which, residue, refused };
    });
  }

  #ofRoot(state: ModelState): readonly Happening[] {
    const root = state.stands.get('');
    if (root === undefined || root.snapshot.status !== 'active') return [];
    const drives = recordingFor(root, this.#options.recording) !== undefined;
    const facts = state.facts.get('') ?? NO_FACTS;
    const breaking: readonly Happening[] =
      drives && facts.release !== null && pendingOf(root, state.stands, facts).length === 0
        ? [
            {
              kind: 'breaks',
              type: 'the releaser breaks',
              place: '',
              event: errorEvent('releaser', new Error('it broke')),
            },
          ]
        : [];
    const told = externalsOf(root, this.#options.events)
      .filter((event) => root.snapshot.can(event))
      .map((event): Happening => ({ kind: 'isTold', type: toldInWords(event), place: '', event }));
    return [...told, ...breaking];
  }

  #ofOthers({ place, machine, snapshot }: Stand): readonly Happening[] {
    const { told = [] } = this.#options;
    return told
      .filter(({ to, event }) => to === machine.id && isHeeded(snapshot, event))
      .map(({ event, words }) => ({ kind: 'isTold', type: wordsAt(place, toldInWords(event, words)), place, event }));
  }
}

/** A service that is away does not answer well. */
const isForced = (happening: Happening & { readonly kind: 'fails' }, facts: Facts): boolean =>
  happening.actor === 'reopenSystem' || (facts.isCutOff && facts.begun.includes(happening.actor));

/** Also where all that it does is to keep the states around it from doing more. */
const isHeeded = (snapshot: AnyMachineSnapshot, event: EventObject): boolean =>
  snapshot.status === 'active' && (snapshot.machine.getTransitionData(snapshot, event) ?? []).length > 0;

const wordsAt = (place: string, words: string): string => (place === '' ? words : `${place}: ${words}`);

function answered(place: string, actor: string, answer: Answer): Happening {
  const type = wordsAt(place, `${actor} ${answer.words}`);
  if (answer.kind === 'succeeds')
    return { kind: 'succeeds', type, place, actor, event: doneEvent(actor, answer.output) };
  const { fault, hresult } = answer;
  return { kind: 'fails', type, place, actor, hresult, fault, event: errorEvent(actor, fault) };
}

/** The model as logic, for `xstate/graph`. */
export function logicOf(model: Model): ActorLogic<ModelSnapshot, Happening, unknown> {
  const snapshotOf = (state: ModelState): ModelSnapshot => ({
    status: 'active',
    output: undefined,
    error: undefined,
    model: state,
  });
  return {
    getInitialSnapshot: () => snapshotOf(model.initial()),
    transition: (snapshot, happening) => snapshotOf(model.after(snapshot.model, happening)),
    getPersistedSnapshot: (snapshot) => snapshot,
  };
}
