import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { treeReport } from '../../src/cli/tree.ts';
import type { MachineEvent } from '../../src/domain/events.ts';
import { containerId, provisionId } from '../../src/domain/ids.ts';
import { ProvisionFault } from '../../src/engine/faults.ts';
import { Screen, type Size } from '../support/terminal.ts';

/** A terminal whose size changes when the test says so. */
class ResizableTerminal extends Writable {
  columns = 80;
  rows = 24;
  readonly screen = new Screen({ cols: 80, rows: 24 });
  #shown = Promise.resolve();

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    const bytes = chunk.toString().replaceAll('\n', '\r\n');
    this.#shown = this.#shown.then(() => this.screen.write(bytes));
    done();
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
function running() {
  const terminal = new ResizableTerminal();
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
  const stop = () => report.failed(cancelled(), [], []);
  return { terminal, stop };
}

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
