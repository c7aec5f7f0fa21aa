import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { treeReport } from '../../src/cli/tree.ts';
import type { MachineEvent } from '../../src/domain/events.ts';
import { containerId, provisionId } from '../../src/domain/ids.ts';
import { STEPS, type StepName } from '../../src/domain/step.ts';
import { ProvisionFault } from '../../src/engine/faults.ts';
import { Screen, type Size } from '../support/terminal.ts';

/** A terminal whose size changes when the test says so. */
class ResizableTerminal extends Writable {
  columns: number;
  rows: number;
  readonly screen: Screen;
  #shown = Promise.resolve();

  constructor({ cols, rows }: Size) {
    super();
    [this.columns, this.rows] = [cols, rows];
    this.screen = new Screen({ cols, rows });
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    const bytes = chunk.toString().replaceAll('\n', '\r\n');
    this.#shown = this.#shown.then(() => this.screen.write(bytes));
    done();
  }

  /** Resolves when the animation has drawn a line that begins so. */
  async hasDrawn(start: string): Promise<readonly string[]> {
    while (!this.screen.lines.some((line) => line.startsWith(start))) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return this.screen.lines;
  }

  async resize({ cols, rows }: Size): Promise<readonly string[]> {
    await this.#shown;
    this.screen.resize({ cols, rows });
    [this.columns, this.rows] = [cols, rows];
    this.emit('resize');
    await this.#shown;
    return this.screen.lines;
  }
}

function cancelled(): ProvisionFault {
  const ids = { provisionId: provisionId('p'), containerId: containerId('web') };
  const fault = { code: 'cancelled', message: 'enough', hint: 'none', step: 'networking', transient: false } as const;
  const nothing = async () => ({ released: [], residue: [] });
  return new ProvisionFault(ids, fault, [], { release: nothing, waive: nothing });
}

/** A create in the middle of its networking, on a clock that stands still. */
function running(rows = 24) {
  const terminal = new ResizableTerminal({ cols: 80, rows });
  const report = treeReport({ terminal, err: () => {}, now: () => 0 });
  const happened: readonly MachineEvent[] = [
    { type: 'step.started', step: 'initializing' },
    { type: 'step.finished', step: 'initializing' },
    { type: 'step.skipped', step: 'installingDrivers', reason: 'there is no hosting VM to install drivers in' },
    { type: 'step.started', step: 'networking' },
  ];
  report.started('web');
  happened.forEach((event, index) => {
    report.event({ ...event, provisionId: provisionId('p'), sequence: index + 1, atMs: 0 });
  });
  const finish = (...steps: readonly StepName[]) => {
    for (const step of steps) {
      report.event({ type: 'step.finished', step, provisionId: provisionId('p'), sequence: 1, atMs: 0 });
    }
  };
  const stop = () => report.failed(cancelled(), [], { alive: [], effects: [] });
  return { terminal, finish, stop };
}

test('a frame that became lower leaves nothing of the higher one', async () => {
  const { terminal, finish, stop } = running(14);
  const allocating = STEPS.slice(STEPS.indexOf('creatingScratch'), STEPS.indexOf('documenting'));
  finish('validating', 'networking', ...allocating.slice(0, -1));
  await terminal.hasDrawn('✓ networking');
  finish(...allocating.slice(-1));
  const lines = await terminal.hasDrawn('✓ allocating');
  stop();
  expect(lines).toEqual([
    'creating web  [simulated host: nothing happens on this machine]',
    '',
    '✓ initializing             0 ms',
    '✓ validating               0 ms',
    '– installingDrivers      there is no hosting VM to install drivers in',
    '✓ networking               0 ms',
    '✓ allocating               0 ms',
    '  ✓ 6 steps done',
    '· documenting',
    '· creatingComputeSystem',
  ]);
}, 30_000);

describe('a terminal that is resized', () => {
  test.each<{ what: string; sizes: readonly Size[] }>([
    { what: 'narrower', sizes: [{ cols: 40, rows: 24 }] },
    { what: 'much narrower', sizes: [{ cols: 20, rows: 30 }] },
    {
      what: 'narrower and wide again',
      sizes: [
        { cols: 30, rows: 24 },
        { cols: 100, rows: 24 },
      ],
    },
  ])('to be $what has the tree once, and no line of it is wrapped', async ({ sizes }) => {
    const { terminal, stop } = running();
    let lines: readonly string[] = [];
    for (const size of sizes) lines = await terminal.resize(size);
    stop();
    expect(lines.filter((line) => line.startsWith('creating web'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('networking'))).toHaveLength(1);
    expect(lines.slice(-2)).toEqual(['· documenting', expect.stringMatching(/^· creatingComput/)]);
    expect(terminal.screen.wrappedLines).toEqual([]);
  });

  test('to be lower folds what it has no room for', async () => {
    const { terminal, stop } = running();
    const lines = await terminal.resize({ cols: 80, rows: 8 });
    stop();
    expect(lines.slice(-7)).toEqual([
      'creating web  [simulated host: nothing happens on this machine]',
      '✓ 2 steps done',
      '· validating',
      expect.stringMatching(/^. networking {14}0\.0 s$/),
      '· allocating',
      '  · creatingScratch',
      '· 7 steps to go',
    ]);
  });
});
