import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { arrowsBelow, CALL_CHILD, childrenOf, type Detail, drawnChildren, withDescendants } from './machineParts.ts';

function nameOf(node: AnyStateNode): string {
  return node.id.replace(/\W+/g, '_');
}

class Drawing {
  readonly #lines: string[] = ['stateDiagram-v2'];
  /** By the composite state that they lie in. */
  readonly #edges = new Map<AnyStateNode | undefined, Set<string>>();
  readonly #detail: Detail;

  constructor(root: AnyStateNode, detail: Detail) {
    this.#detail = detail;
    this.#collectEdges(root);
    this.#inside(root, '  ');
  }

  get text(): string {
    return this.#lines.join('\n');
  }

  #collectEdges(root: AnyStateNode): void {
    for (const { source, target, label } of arrowsBelow(root, this.#detail)) {
      const edges = this.#edges.get(source.parent) ?? new Set();
      const arrow = `${nameOf(source)} --> ${nameOf(target)}`;
      this.#edges.set(source.parent, edges.add(label === '' ? arrow : `${arrow} : ${label}`));
    }
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
