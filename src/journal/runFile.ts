/**
 * The format of a run file: one JSON object a line, the header first. Every line ends in a checksum of itself and of
 * the checksum before it, so that a line that is changed, lost or moved is noticed.
 */
import crc32 from 'crc-32';
import { MACHINE_VERSIONS } from '../domain/machineVersions.ts';
import type { RunHeader, RunLine, RunRecord } from './store.ts';

/** Grows with every change that an older version could not read. */
const FORMAT = 2;

/** A run file cannot be read: somebody has written into it, or it is of a newer version. Nothing is done to it. */
export class RunFileUnreadable extends Error {
  override readonly name = 'RunFileUnreadable';
  readonly code = 'run-file-unreadable';
  readonly file: string;
  /** Whether a newer version of slipway has written it. */
  readonly isNewer: boolean;

  constructor(file: string, reason: string, isNewer = false) {
    super(`the run file ${file} cannot be read: ${reason}`);
    this.file = file;
    this.isNewer = isNewer;
  }
}

/** The end of what was read of a run file: where reading goes on, and where the next line goes. */
export interface RunFilePlace {
  /** Bytes up to the end of the last whole line. */
  readonly length: number;
  /** How many lines there are up to here. */
  readonly count: number;
  /** The checksum of the last line; '' in an empty file. */
  readonly sum: string;
}

/** What a run file holds. */
export interface RunFileContent extends RunFilePlace {
  readonly records: readonly RunRecord[];
  /** The records, and between them the notes; the header first. */
  readonly lines: readonly RunLine[];
}

const BEGINNING: RunFilePlace = { length: 0, count: 0, sum: '' };

export const headerOf = (run: string): RunHeader => ({
  type: 'header',
  format: FORMAT,
  machines: MACHINE_VERSIONS,
  run,
});

const sumOf = (before: string, body: string): string => (crc32.str(before + body) >>> 0).toString(16).padStart(8, '0');

/** The lines as text, for a file whose last line has the checksum `sum`. */
export function linesOf(lines: readonly RunLine[], sum: string): { readonly text: string; readonly sum: string } {
  let last = sum;
  const texts = lines.map((line) => {
    const body = JSON.stringify(line);
    last = sumOf(last, body);
    return `${body.slice(0, -1)},"sum":"${last}"}\n`;
  });
  return { text: texts.join(''), sum: last };
}

const SUMMED = /^(.*),"sum":"([0-9a-f]{8})"\}$/;

/** undefined when the line is not what was written after the line with the checksum `before`. */
function parseLine(text: string, before: string): { readonly line: RunLine; readonly sum: string } | undefined {
  const [, start, sum] = SUMMED.exec(text) ?? [];
  if (start === undefined || sum === undefined) return undefined;
  const body = `${start}}`;
  return sumOf(before, body) === sum ? { line: JSON.parse(body) as RunLine, sum } : undefined;
}

/** A block that was announced to the disk and never reached it reads as zeros. */
const wasNeverWritten = (line: string): boolean => line.includes('\0');

const isOf = (value: unknown): value is Partial<RunHeader> => typeof value === 'object' && value !== null;

/** What the first line says of its version, whoever has written it. */
function claimedHeader(text: string): Partial<RunHeader> | undefined {
  try {
    const claimed: unknown = JSON.parse(text);
    return isOf(claimed) ? claimed : undefined;
  } catch {
    return undefined;
  }
}

function isNewerMachine([name, version]: readonly [string, number]): boolean {
  const own: Readonly<Record<string, number>> = MACHINE_VERSIONS;
  return version > (own[name] ?? 0);
}

/** @throws {RunFileUnreadable} */
function checkHeader(file: string, text: string): void {
  const header = claimedHeader(text);
  if (header?.type !== 'header') throw new RunFileUnreadable(file, 'it does not begin with a header');
  const { format = 0, machines = {} } = header;
  if (format > FORMAT) {
    throw new RunFileUnreadable(
      file,
      `a newer version has written it, in format ${format}; this one knows ${FORMAT}`,
      true,
    );
  }
  if (format !== FORMAT) throw new RunFileUnreadable(file, `its format ${format} is not ${FORMAT}`);
  const newer = Object.entries(machines).find(isNewerMachine);
  if (newer === undefined) return;
  throw new RunFileUnreadable(file, `a newer version has written it, with version ${newer[1]} of ${newer[0]}`, true);
}

const isRecord = (line: RunLine): line is RunRecord => line.type !== 'header' && !line.type.startsWith('note.');

const NEWLINE = 0x0a;

interface Text {
  readonly text: string;
  /** In bytes, with its end. */
  readonly length: number;
}

function wholeLines(bytes: Uint8Array): readonly Text[] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const lines: Text[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    lines.push({ text: decoder.decode(bytes.subarray(start, end)), length: end + 1 - start });
    start = end + 1;
  }
  return lines;
}

/**
 * What is in a run file. A line without its end was being written when the process ended: what it announces has not
 * been done, so it counts as not there.
 * @param after where the bytes begin, when they are not the whole file
 * @throws {RunFileUnreadable}
 */
export function parseRunFile(file: string, bytes: Uint8Array, after: RunFilePlace = BEGINNING): RunFileContent {
  const texts = wholeLines(bytes);
  const lines: RunLine[] = [];
  let { length, count, sum } = after;
  for (const [index, line] of texts.entries()) {
    const isLast = index === texts.length - 1;
    if (isLast && wasNeverWritten(line.text)) break;
    if (count === 0) checkHeader(file, line.text);
    count += 1;
    const parsed = parseLine(line.text, sum);
    if (parsed === undefined) throw new RunFileUnreadable(file, `line ${count} is not as it was written`);
    lines.push(parsed.line);
    length += line.length;
    sum = parsed.sum;
  }
  return { records: lines.filter(isRecord), lines, length, count, sum };
}
