import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';

/** `calls`: states that own a host call are drawn without their inside, which is the same for each. `steps`: nor are the insides of steps. */
export type Detail = 'calls' | 'steps' | 'everything';

/** Every state that owns a call has a child of this name. */
const CALL_CHILD = 'outcomeUnknown';
/** Every step that may be skipped has a child of the first name, and the wait for the compute service of the second. */
const STEP_CHILDREN = ['deciding', 'reopening'];

function isLeaf(node: AnyStateNode, detail: Detail): boolean {
  if (detail === 'everything') return false;
  return CALL_CHILD in node.states || (detail === 'steps' && STEP_CHILDREN.some((child) => child in node.states));
}

function childrenOf(node: AnyStateNode): readonly AnyStateNode[] {
  return Object.values(node.states);
}

function drawnChildren(node: AnyStateNode, detail: Detail): readonly AnyStateNode[] {
  return isLeaf(node, detail) ? [] : childrenOf(node);
}

function nameOf(node: AnyStateNode): string {
  return node.id.replace(/\W+/g, '_');
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

function withDescendants(node: AnyStateNode): readonly AnyStateNode[] {
  return [node, ...childrenOf(node).flatMap(withDescendants)];
}

/** The transitions of a state, and those of the states inside it that are not drawn. */
function transitionsOf(node: AnyStateNode, detail: Detail): readonly AnyTransitionDefinition[] {
  return (isLeaf(node, detail) ? withDescendants(node) : [node]).flatMap(ownTransitions);
}

function ancestors(node: AnyStateNode): readonly AnyStateNode[] {
  return node.parent === undefined ? [node] : [...ancestors(node.parent), node];
}

/** Mermaid knows arrows between siblings only: an arrow out of a composite state is drawn from the composite itself. */
function siblings(from: AnyStateNode, to: AnyStateNode): readonly [AnyStateNode, AnyStateNode] | undefined {
  const [fromPath, toPath] = [ancestors(from), ancestors(to)];
  const fork = fromPath.findIndex((node, index) => node !== toPath[index]);
  const [source, target] = [fromPath[fork], toPath[fork]];
  return fork < 1 || source === undefined || target === undefined ? undefined : [source, target];
}

class Drawing {
  readonly #lines: string[] = ['stateDiagram-v2'];
  /** By the composite state that they lie in. */
  readonly #edges = new Map<AnyStateNode | undefined, Set<string>>();
  readonly #detail: Detail;

  constructor(root: AnyStateNode, detail: Detail) {
    this.#detail = detail;
    for (const child of drawnChildren(root, detail)) this.#collectEdges(child);
    this.#inside(root, '  ');
  }

  get text(): string {
    return this.#lines.join('\n');
  }

  #collectEdges(node: AnyStateNode): void {
    for (const transition of transitionsOf(node, this.#detail)) this.#collect(node, transition);
    for (const child of drawnChildren(node, this.#detail)) this.#collectEdges(child);
  }

  #collect(from: AnyStateNode, transition: AnyTransitionDefinition): void {
    const [target] = transition.target ?? [];
    const ends = target === undefined ? undefined : siblings(from, target);
    if (ends === undefined) return;
    const [source, sibling] = ends;
    const label = labelOf(transition, this.#detail);
    const edges = this.#edges.get(source.parent) ?? new Set();
    this.#edges.set(
      source.parent,
      edges.add(`${nameOf(source)} --> ${nameOf(sibling)}${label === '' ? '' : ` : ${label}`}`),
    );
  }

  #inside(node: AnyStateNode, indent: string): void {
    const [initial] = node.initial?.target ?? [];
    if (initial !== undefined) this.#lines.push(`${indent}[*] --> ${nameOf(initial)}`);
    for (const child of drawnChildren(node, this.#detail)) this.#state(child, indent);
    for (const edge of this.#edges.get(node) ?? []) this.#lines.push(`${indent}${edge}`);
  }

  #state(node: AnyStateNode, indent: string): void {
    this.#lines.push(`${indent}state "${node.key}" as ${nameOf(node)}`);
    if (drawnChildren(node, this.#detail).length > 0) {
      this.#lines.push(`${indent}state ${nameOf(node)} {`);
      this.#inside(node, `${indent}  `);
      this.#lines.push(`${indent}}`);
    }
    if (node.type === 'final') this.#lines.push(`${indent}${nameOf(node)} --> [*]`);
  }
}

/** A machine as a mermaid state diagram. */
export function mermaidOf(machine: AnyStateMachine, detail: Detail = 'calls'): string {
  return new Drawing(machine.root, detail).text;
}

/** What is inside the states that own a host call, where it is the most; undefined when the machine has no such state. */
export function mermaidInsideCalls(machine: AnyStateMachine): string | undefined {
  const [owner] = withDescendants(machine.root)
    .filter((node) => CALL_CHILD in node.states)
    .sort((one, other) => childrenOf(other).length - childrenOf(one).length);
  return owner === undefined ? undefined : new Drawing(owner, 'everything').text;
}
