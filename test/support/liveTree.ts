/** What the live tree shows of a create, at any moment of it. */
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { fitRows } from '../../src/cli/treeFold.ts';
import { rowLines } from '../../src/cli/treeLine.ts';
import { afterEvent, EMPTY_TREE, type TreeModel } from '../../src/cli/treeModel.ts';
import { treeRows } from '../../src/cli/treeRows.ts';
import type { ProvisionEvent } from '../../src/domain/events.ts';

export interface Moment {
  readonly event: ProvisionEvent;
  readonly model: TreeModel;
}

/** What was known after each event. */
export function momentsOf(events: readonly ProvisionEvent[]): readonly Moment[] {
  let model = EMPTY_TREE;
  return events.map((event) => {
    model = afterEvent(model, event);
    return { event, model };
  });
}

export interface Drawing {
  /** Default: at the event. */
  readonly laterMs?: number;
  readonly width?: number;
  readonly height?: number;
}

/** The lines without their colours. */
export function draw({ event, model }: Moment, options: Drawing = {}): readonly string[] {
  const { laterMs = 0, width = 80, height = Number.POSITIVE_INFINITY } = options;
  const rows = fitRows(treeRows(model, event.atMs + laterMs), height);
  return rowLines(rows, { width, spinner: '*' }).map(stripVTControlCharacters);
}

export const widest = (lines: readonly string[]): number => Math.max(...lines.map((line) => stringWidth(line)));
