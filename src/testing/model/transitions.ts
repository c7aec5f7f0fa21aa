/** The states and transitions of a statechart by name, so that it can be said which of them were seen. */
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';

const pathOf = (node: AnyStateNode): string => node.path.join('.');

/** The candidates of a state for one event, in the order in which their guards are asked. */
function candidatesOf(node: AnyStateNode, eventType: string): readonly AnyTransitionDefinition[] {
  return (eventType === '' ? node.always : node.transitions.get(eventType)) ?? [];
}

const typeOf = (value: unknown): unknown =>
  (typeof value === 'object' || typeof value === 'function') && value !== null && 'type' in value ? value.type : value;

function guardName({ guard }: AnyTransitionDefinition): string {
  if (guard === undefined) return '';
  const name = typeOf(guard);
  return ` [${typeof name === 'string' ? name : 'a guard'}]`;
}

/** `after.stepDeadline` for `xstate.after.stepDeadline.createContainer.networking...`. */
export function eventInWords(type: string): string {
  if (type === '') return 'always';
  return type
    .replace(/^xstate\.after\.([^.]+)\..*$/, 'after.$1')
    .replace(/^xstate\.(done|error)\.actor\./, '$1.')
    .replace(/^xstate\.done\.state\..*$/, 'done');
}

/** `createContainer networking.configuring: done.configureNetwork [isInVm]`; the same for the same transition. */
export function keyOfTransition(transition: AnyTransitionDefinition): string {
  const { source, eventType } = transition;
  const at = candidatesOf(source, eventType).indexOf(transition);
  const which = candidatesOf(source, eventType).length > 1 ? ` #${at + 1}` : '';
  const place = pathOf(source) === '' ? 'anywhere' : pathOf(source);
  return `${source.machine.id} ${place}: ${eventInWords(eventType)}${guardName(transition)}${which}`;
}

const nodesOf = (node: AnyStateNode): readonly AnyStateNode[] => [node, ...Object.values(node.states).flatMap(nodesOf)];

/** Every transition of the statechart, by its key. */
export function transitionsOf(machine: AnyStateMachine): readonly string[] {
  return nodesOf(machine.root).flatMap((node) => [
    ...(node.always?.map(keyOfTransition) ?? []),
    ...[...node.transitions.values()].flat().map(keyOfTransition),
  ]);
}

/** Every state of the statechart in which it can rest, however short: those that have no states of their own. */
export function statesOf(machine: AnyStateMachine): readonly string[] {
  return nodesOf(machine.root)
    .filter(({ type }) => type === 'atomic' || type === 'final')
    .map((node) => `${machine.id} ${pathOf(node)}`);
}
