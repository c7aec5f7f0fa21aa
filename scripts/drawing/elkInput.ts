import type { ElkExtendedEdge, ElkNode } from 'elkjs';
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { arrowsBelow, type Detail, drawnChildren } from '../../src/cli/machineParts.ts';

/** Letters of the page's font at 12 and 10.5 px, a little wider than they are. */
const LETTER = { name: 7.3, label: 5.8 };
const STATE = { height: 38, least: 126, padding: 46 };
const LABEL_HEIGHT = 13;

const SPACING = {
  'elk.spacing.nodeNode': '22',
  'elk.spacing.edgeNode': '14',
  'elk.spacing.edgeEdge': '9',
  'elk.spacing.edgeLabel': '3',
  'elk.layered.spacing.nodeNodeBetweenLayers': '18',
  'elk.layered.spacing.edgeNodeBetweenLayers': '9',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '7',
};

const LAYERED = {
  'elk.algorithm': 'layered',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.hierarchyHandling': 'SEPARATE_CHILDREN',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
  'elk.layered.mergeEdges': 'true',
  'elk.edgeLabels.inline': 'false',
  ...SPACING,
};

/** Where a run goes that has left its way. */
const ASIDE = ['failing', 'holding', 'held', 'rollingBack', 'rolledBack', 'residue', 'reconciling', 'exited'];

export function isAside(source: string, target: string, more: readonly string[] = []): boolean {
  return [source, target].some((name) => ASIDE.includes(name) || more.includes(name));
}

export const pathOf = (node: AnyStateNode): string => node.path.join('.');

/** An overview does not show where a run goes that another process takes up: that is nearly everywhere. */
const isTakingUp = (source: AnyStateNode, target: AnyStateNode, detail: Detail): boolean =>
  detail === 'steps' && source.key === 'beginning' && isAside(source.key, target.key, ['provisioned']);

/** In an overview, the states around it say this already. */
const SAID_BY_THE_STATES = 'release.settled';

function elkEdges(root: AnyStateNode, detail: Detail): ReadonlyMap<string, ElkExtendedEdge[]> {
  const byParent = new Map<string, Map<string, { source: string; target: string; labels: Set<string> }>>();
  for (const { source, target, label } of arrowsBelow(root, detail)) {
    if (source === target || isTakingUp(source, target, detail)) continue;
    const parent = source.parent === undefined ? '' : pathOf(source.parent);
    const siblings = byParent.get(parent) ?? new Map();
    byParent.set(parent, siblings);
    const key = `${pathOf(source)}>${pathOf(target)}`;
    const edge = siblings.get(key) ?? { source: pathOf(source), target: pathOf(target), labels: new Set<string>() };
    if (label !== '' && !(detail === 'steps' && label === SAID_BY_THE_STATES)) edge.labels.add(label);
    siblings.set(key, edge);
  }
  return new Map([...byParent].map(([parent, edges]) => [parent, [...edges].map(elkEdge)]));
}

function elkEdge([id, { source, target, labels }]: [
  string,
  { readonly source: string; readonly target: string; readonly labels: ReadonlySet<string> },
]): ElkExtendedEdge {
  const texts = [...labels].map((text) => ({ text, width: text.length * LETTER.label, height: LABEL_HEIGHT }));
  const straight = isAside(source, target) ? '0' : '10';
  const layoutOptions = { 'elk.layered.priority.straightness': straight, 'elk.layered.priority.direction': straight };
  return { id, sources: [source], targets: [target], labels: texts, layoutOptions };
}

/** A machine as the graph that the layout is given; ids are paths, '' the machine itself. */
export function elkInput(machine: AnyStateMachine, detail: Detail): ElkNode {
  const edges = elkEdges(machine.root, detail);
  const elkNode = (node: AnyStateNode): ElkNode => {
    const path = pathOf(node);
    const children = drawnChildren(node, detail);
    const width = Math.max(STATE.least, node.key.length * LETTER.name + STATE.padding);
    if (children.length === 0) return { id: path, width, height: STATE.height };
    return {
      id: path,
      children: children.map(elkNode),
      edges: edges.get(path) ?? [],
      layoutOptions: {
        ...LAYERED,
        'elk.direction': 'DOWN',
        'elk.padding': path === '' ? '[top=8,left=8,bottom=8,right=8]' : '[top=44,left=14,bottom=14,right=14]',
      },
    };
  };
  return elkNode(machine.root);
}
