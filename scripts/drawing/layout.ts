/** Lays a machine out. Machines do not change while a program runs, so this is done once, when the package is built. */
import ELK, { type ElkExtendedEdge, type ElkNode } from 'elkjs/lib/elk.bundled.js';
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { type Detail, withDescendants } from '../../src/cli/machineParts.ts';
import type { Arrow, Drawing, Drawings, Point, StateBox } from '../../src/inspector/drawing/geometry.ts';
import { ALL_MACHINES } from '../../src/machines/all.ts';
import { elkInput, isAside, pathOf } from './elkInput.ts';

const round = (value: number | undefined): number => Math.round((value ?? 0) * 10) / 10;
const moved = ({ x, y }: Point, by: Point): Point => ({ x: round(x + by.x), y: round(y + by.y) });

function arrowOf(edge: ElkExtendedEdge, origin: Point): Arrow {
  const [source = '', target = ''] = [edge.sources[0], edge.targets[0]];
  const points = (edge.sections ?? []).flatMap((section) => [
    section.startPoint,
    ...(section.bendPoints ?? []),
    section.endPoint,
  ]);
  const labels = (edge.labels ?? []).map(({ text = '', x = 0, y = 0, width = 0, height = 0 }) => ({
    text,
    ...moved({ x, y }, origin),
    width: round(width),
    height: round(height),
  }));
  return {
    source,
    target,
    kind: isAside(source, target) ? 'leaving' : 'forward',
    points: points.map((point) => moved(point, origin)),
    labels,
  };
}

function stateOf(node: ElkNode, state: AnyStateNode, at: Point): StateBox {
  const [initial] = state.parent?.initial?.target ?? [];
  return {
    path: node.id,
    name: state.key,
    depth: state.path.length - 1,
    ...moved(at, { x: 0, y: 0 }),
    width: round(node.width),
    height: round(node.height),
    isComposite: (node.children ?? []).length > 0,
    isInitial: initial === state,
    isFinal: state.type === 'final',
    ...(state.description === undefined ? {} : { description: state.description }),
  };
}

class Plane {
  readonly states: StateBox[] = [];
  readonly arrows: Arrow[] = [];
  readonly #nodes: ReadonlyMap<string, AnyStateNode>;

  constructor(machine: AnyStateMachine, root: ElkNode) {
    this.#nodes = new Map(withDescendants(machine.root).map((node) => [pathOf(node), node]));
    this.#inside(root, { x: 0, y: 0 });
  }

  #inside(parent: ElkNode, origin: Point): void {
    this.arrows.push(...(parent.edges ?? []).map((edge) => arrowOf(edge, origin)));
    for (const node of parent.children ?? []) {
      const at = { x: origin.x + (node.x ?? 0), y: origin.y + (node.y ?? 0) };
      const state = this.#nodes.get(node.id);
      if (state !== undefined) this.states.push(stateOf(node, state, at));
      this.#inside(node, at);
    }
  }
}

async function drawingOf(machine: AnyStateMachine, detail: Detail): Promise<Drawing> {
  const root = await new ELK.default().layout(elkInput(machine, detail));
  const { states, arrows } = new Plane(machine, root);
  return { machine: machine.id, width: round(root.width), height: round(root.height), states, arrows };
}

export async function layOut(): Promise<Drawings> {
  const drawn = ALL_MACHINES.map(async (machine) => {
    const [steps, calls] = [await drawingOf(machine, 'steps'), await drawingOf(machine, 'calls')];
    return [machine.id, { steps, calls }] as const;
  });
  return Object.fromEntries(await Promise.all(drawn));
}
