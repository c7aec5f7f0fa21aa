/** What drawings read out of a machine, whatever they draw it with. */
import type { AnyStateNode, AnyTransitionDefinition } from 'xstate';

/** `calls`: states that own a host call are drawn without their inside, which is the same for each. `steps`: nor are the insides of steps. */
export type Detail = 'calls' | 'steps' | 'everything';

/** Every state that owns a call has a child of this name. */
export const CALL_CHILD = 'outcomeUnknown';
/** Every step that may be skipped has a child of the first name, and the wait for the compute service of the second. */
const STEP_CHILDREN = ['deciding', 'reopening'];

function isLeaf(node: AnyStateNode, detail: Detail): boolean {
  if (detail === 'everything') return false;
  return CALL_CHILD in node.states || (detail === 'steps' && STEP_CHILDREN.some((child) => child in node.states));
}

export function childrenOf(node: AnyStateNode): readonly AnyStateNode[] {
  return Object.values(node.states);
}

export function drawnChildren(node: AnyStateNode, detail: Detail): readonly AnyStateNode[] {
  return isLeaf(node, detail) ? [] : childrenOf(node);
}

function guardName(guard: unknown): string {
  if (typeof guard === 'string') return guard;
  return typeof guard === 'object' && guard !== null && 'type' in guard ? String(guard.type) : '';
}

/** `xstate.done.actor.validate` as `validate done`, `xstate.after.stepDeadline...` as `after stepDeadline`. */
function eventName(type: string): string {
  const done = /^xstate\.(done|error)\.actor\.(.+)$/.exec(type);
  if (done !== null) return `${done[2]} ${done[1] === 'done' ? 'done' : 'failed'}`;
  const after = /^xstate\.after\.(\w+)\./.exec(type);
  if (after !== null) return `after ${after[1]}`;
  return type.startsWith('xstate.') ? '' : type;
}

function labelOf(transition: AnyTransitionDefinition, detail: Detail): string {
  const event = eventName(transition.eventType);
  if (detail === 'steps') return event.includes('.') && !transition.eventType.startsWith('xstate.') ? event : '';
  const guard = guardName(transition.guard);
  return [event, guard === '' ? '' : `[${guard}]`].filter((part) => part !== '').join(' ');
}

function ownTransitions(node: AnyStateNode): readonly AnyTransitionDefinition[] {
  return [...[...node.transitions.values()].flat(), ...(node.always ?? [])];
}

export function withDescendants(node: AnyStateNode): readonly AnyStateNode[] {
  return [node, ...childrenOf(node).flatMap(withDescendants)];
}

/** The transitions of a state, and those of the states inside it that are not drawn. */
function transitionsOf(node: AnyStateNode, detail: Detail): readonly AnyTransitionDefinition[] {
  return (isLeaf(node, detail) ? withDescendants(node) : [node]).flatMap(ownTransitions);
}

function ancestors(node: AnyStateNode): readonly AnyStateNode[] {
  return node.parent === undefined ? [node] : [...ancestors(node.parent), node];
}

/** An arrow out of a composite state is drawn from the composite itself: every arrow joins two siblings. */
function siblings(from: AnyStateNode, to: AnyStateNode): readonly [AnyStateNode, AnyStateNode] | undefined {
  const [fromPath, toPath] = [ancestors(from), ancestors(to)];
  const fork = fromPath.findIndex((node, index) => node !== toPath[index]);
  const [source, target] = [fromPath[fork], toPath[fork]];
  return fork < 1 || source === undefined || target === undefined ? undefined : [source, target];
}

export interface Arrow {
  readonly source: AnyStateNode;
  readonly target: AnyStateNode;
  readonly label: string;
}

function arrowOf(from: AnyStateNode, transition: AnyTransitionDefinition, detail: Detail): readonly Arrow[] {
  const [target] = transition.target ?? [];
  const ends = target === undefined ? undefined : siblings(from, target);
  if (ends === undefined) return [];
  const [source, sibling] = ends;
  return [{ source, target: sibling, label: labelOf(transition, detail) }];
}

/** Every arrow below `root`, as often as there are transitions that it stands for. */
export function arrowsBelow(root: AnyStateNode, detail: Detail): readonly Arrow[] {
  return drawnChildren(root, detail).flatMap((node) => [
    ...transitionsOf(node, detail).flatMap((transition) => arrowOf(node, transition, detail)),
    ...arrowsBelow(node, detail),
  ]);
}
