import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createProvisioner, JournalUnwritable, type LedgerStore, memoryLedgerStore } from '../../src/index.ts';
import { simulatedHost, virtualClock } from '../../src/testing/index.ts';
import { pretendedProcesses } from '../support/processes.ts';
import { faultOf, fullRequest, hostOptions, SCRATCH_LEFT } from '../support/requests.ts';

/** A disk that is full from one line on, or for one line. */
function fullDisk(isFull: (line: number) => boolean) {
  const journal = memoryLedgerStore();
  let lines = 0;
  const append: LedgerStore['append'] = async (run, record) => {
    lines += 1;
    if (isFull(lines)) throw new JournalUnwritable('run.jsonl', 'the disk is full', 'Make room on it.');
    await journal.append(run, record);
  };
  return { journal, full: { ...journal, append }, lines: () => lines };
}

async function createOn(isFull: (line: number) => boolean) {
  const { journal, full, lines } = fullDisk(isFull);
  const clock = virtualClock({ autoAdvance: true });
  const host = simulatedHost({ ...hostOptions(), clock });
  const processes = pretendedProcesses();
  const first = await createProvisioner({ host, clock, journal: full, processes: processes.named('first') });
  const provision = first.create({ ...fullRequest(), lifetime: 'host' });
  const recoverInAnother = async () => {
    host.end();
    processes.end('first');
    const second = await createProvisioner({
      host: host.attach(),
      clock,
      journal,
      processes: processes.named('second'),
    });
    const recovery = await second.recover();
    for await (const provisions of second.provisions$) {
      for (const { result } of provisions) await (await result).container.release();
      break;
    }
    return recovery;
  };
  return { host, provision, lines, recoverInAnother };
}

async function linesOfCreate(): Promise<number> {
  const { provision, lines } = await createOn(() => false);
  await provision.result;
  return lines();
}

/** What could not be noted is a warning of the process. */
let warned: jest.SpiedFunction<typeof process.emitWarning>;
beforeEach(() => {
  warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
});
afterEach(() => warned.mockRestore());

describe('a disk that is full', () => {
  test('before the first line lets nothing be acquired', async () => {
    const { host, provision } = await createOn(() => true);
    const fault = await faultOf(provision.result);
    expect(fault).toMatchObject({
      code: 'journal-unwritable',
      step: 'initializing',
      hint: 'Make room on it.',
      held: undefined,
    });
    expect(host.calls).toEqual([]);
  });

  test('from any line on fails the create, and all is given back then or by a recovery', async () => {
    const last = await linesOfCreate();
    expect(last).toBeGreaterThan(15);
    for (let full = 2; full < last; full += 1) {
      const { host, provision, recoverInAnother } = await createOn((line) => line >= full);
      expect(await faultOf(provision.result)).toMatchObject({ code: 'journal-unwritable' });
      const { runs } = await recoverInAnother();
      expect({ full, left: runs.flatMap(({ residue }) => residue) }).toEqual({ full, left: [] });
      expect({ full, alive: host.snapshot() }).toEqual({ full, alive: [] });
    }
    expect(String(warned.mock.calls[0])).toMatch(
      /^the journal threw: JournalUnwritable: the journal cannot be written/,
    );
  });

  test('for one line fails the create at most, for a layer is mounted again, and all is given back', async () => {
    const last = await linesOfCreate();
    for (let full = 2; full <= last; full += 1) {
      const { host, provision, recoverInAnother } = await createOn((line) => line === full);
      const created = await provision.result.then(
        () => true,
        () => false,
      );
      if (!created) expect({ full, alive: host.snapshot() }).toEqual({ full, alive: [] });
      await recoverInAnother();
      // Of a container whose last line is missing nobody can know that its caller was given it.
      const isKnown = created && full < last;
      expect({ full, alive: host.snapshot() }).toEqual({ full, alive: isKnown ? SCRATCH_LEFT : [] });
    }
  });
});
