import type { AnyStateMachine } from 'xstate';
import { toDirectedGraph } from 'xstate/graph';
import { createContainer, releaseResource, releaseResources, utilityVm } from '../machines/index.ts';
import { BadInput } from './input.ts';
import type { Detail } from './machineParts.ts';
import { mermaidOf } from './mermaid.ts';

const MACHINES: Readonly<Record<string, AnyStateMachine>> = {
  createContainer,
  utilityVm,
  releaseResources,
  releaseResource,
};

export interface GraphOptions {
  readonly format: 'mermaid' | 'json';
  readonly detail: Detail;
}

/** `slipway graph`: a machine as a mermaid diagram, or as the JSON of its directed graph. */
export function graph(name: string, { format, detail }: GraphOptions, out: (text: string) => void): void {
  const machine = MACHINES[name];
  if (machine === undefined) {
    throw new BadInput(
      'machine-unknown',
      `there is no machine '${name}'`,
      `Use one of: ${Object.keys(MACHINES).join(', ')}.`,
    );
  }
  out(format === 'json' ? `${JSON.stringify(toDirectedGraph(machine), null, 2)}\n` : `${mermaidOf(machine, detail)}\n`);
}
