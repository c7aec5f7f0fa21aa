import type { Drawings, MachineDrawings } from '../drawing/geometry.ts';
import type { Story } from '../story/story.ts';

/** Laid out when the page is built, which puts it here. */
declare const SLIPWAY_DRAWINGS: Drawings;

/** The statechart of such a run. */
export function drawingsOf({ kind }: Pick<Story, 'kind'>): MachineDrawings | undefined {
  return SLIPWAY_DRAWINGS[kind === 'vm' ? 'utilityVm' : 'createContainer'];
}
