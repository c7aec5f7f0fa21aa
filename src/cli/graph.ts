import type { AnyStateMachine } from 'xstate';
import { toDirectedGraph } from 'xstate/graph';
import { readDrawings } from '../inspector/drawing/drawings.ts';
import { svgOf } from '../inspector/drawing/svg.ts';
import { ALL_MACHINES } from '../machines/all.ts';
import { BadInput } from './input.ts';
import type { Detail } from './machineParts.ts';
import { mermaidOf } from './mermaid.ts';

const MACHINES: ReadonlyMap<string, AnyStateMachine> = new Map(ALL_MACHINES.map((machine) => [machine.id, machine]));

export interface GraphOptions {
  readonly format: 'mermaid' | 'svg' | 'json';
  /** Default: `steps` for a picture, `calls` for a mermaid diagram. */
  readonly detail?: Detail | undefined;
}

function svg(machine: string, detail: Detail): string {
  if (detail === 'everything') {
    throw new BadInput(
      'detail-not-drawn',
      'there is no picture of everything: it would be too large to be read',
      'Use --detail steps or --detail calls, or --format mermaid.',
    );
  }
  const drawing = readDrawings()[machine]?.[detail];
  if (drawing === undefined) throw new Error(`the package was built without a drawing of ${machine}`);
  return svgOf(drawing);
}

/** `slipway graph`: a machine as a mermaid diagram, as a picture, or as the JSON of its directed graph. */
export function graph(name: string, { format, detail }: GraphOptions, out: (text: string) => void): void {
  const machine = MACHINES.get(name);
  if (machine === undefined) {
    throw new BadInput(
      'machine-unknown',
      `there is no machine '${name}'`,
      `Use one of: ${[...MACHINES.keys()].join(', ')}.`,
    );
  }
  if (format === 'svg') out(svg(name, detail ?? 'steps'));
  else if (format === 'json') out(`${JSON.stringify(toDirectedGraph(machine), null, 2)}\n`);
  else out(`${mermaidOf(machine, detail)}\n`);
}
