/** What a path is gone along with: a run of the engine, or a statechart of somebody else's. */
import type { AnyActor, AnyActorRef, AnyMachineSnapshot, EventObject } from 'xstate';
import { isMachineSnapshot } from 'xstate';
import type { ProvisionRun } from '../../engine/provisionRun.ts';
import type { EngineEvent } from '../../engine/runSubject.ts';
import { valueInWords } from '../model/words.ts';

/** Where a statechart stands. */
export interface View {
  readonly place: string;
  readonly value: string;
  /** The code of what went wrong. */
  readonly fault: string | undefined;
}

export interface Driven {
  start(): void;
  send(event: EventObject): void;
  views(): readonly View[];
  hasEnded(): boolean;
  /** Asks for what is there to be given back; false when there is nothing to ask now. */
  giveBack(): boolean;
}

const GIVING_BACK: readonly EngineEvent[] = [
  { type: 'provision.cancel', reason: 'the path is over' },
  { type: 'resources.release' },
  { type: 'release.retry' },
];

interface Receiver {
  can(event: EngineEvent): boolean;
  send(event: EngineEvent): void;
}

function askBack(run: Receiver): boolean {
  const event = GIVING_BACK.find((one) => run.can(one));
  if (event !== undefined) run.send(event);
  return event !== undefined;
}

export function drivenRun(run: ProvisionRun): Driven {
  return {
    start: () => run.start(),
    send: (event) => run.send(event as EngineEvent),
    views: () => {
      const { path, fault } = run.recorder.state;
      return [{ place: '', value: path, fault: fault?.code }];
    },
    hasEnded: () => ['failed', 'released'].includes(run.recorder.state.status),
    giveBack: () => askBack(run),
  };
}

const EXPLORED = ['createContainer', 'utilityVm'];

function childrenOf({ children }: AnyMachineSnapshot): ReadonlyArray<readonly [string, AnyActorRef]> {
  const refs: Readonly<Record<string, AnyActorRef | undefined>> = children;
  return Object.entries(refs).flatMap(([id, ref]) => (ref === undefined ? [] : [[id, ref] as const]));
}

function viewsOf(place: string, snapshot: AnyMachineSnapshot): readonly View[] {
  const own: View = { place, value: valueInWords(snapshot.value), fault: snapshot.context?.fault?.code };
  const children = childrenOf(snapshot).flatMap(([id, child]) => {
    const inside: unknown = child.getSnapshot();
    const isExplored = isMachineSnapshot(inside) && !inside.machine.id.startsWith('release');
    return isExplored ? viewsOf(place === '' ? id : `${place}/${id}`, inside) : [];
  });
  return [own, ...children];
}

/** The runs that are somewhere in the actor. */
function runsIn(actor: AnyActorRef): readonly AnyActorRef[] {
  const snapshot: unknown = actor.getSnapshot();
  if (!isMachineSnapshot(snapshot)) return [];
  const inside = childrenOf(snapshot).flatMap(([, child]) => runsIn(child));
  return EXPLORED.includes(snapshot.machine.id) ? [actor] : inside;
}

export function drivenActor(actor: AnyActor): Driven {
  const lasting = () => runsIn(actor).filter((run) => run.getSnapshot().status === 'active');
  return {
    start: () => void actor.start(),
    send: (event) => actor.send(event),
    views: () => viewsOf('', actor.getSnapshot()),
    hasEnded: () => lasting().length === 0,
    giveBack: () =>
      lasting()
        .map((run) => askBack({ can: (event) => run.getSnapshot().can(event), send: (event) => run.send(event) }))
        .some(Boolean),
  };
}
