import { InvalidArgumentError, Option } from 'commander';

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

const numberIn = (text: string): number | undefined => {
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) && value >= 0 ? value : undefined;
};

/** Milliseconds. */
function seconds(text: string): number {
  const value = numberIn(text);
  if (value === undefined) throw new InvalidArgumentError('It must be a number of seconds.');
  return value * 1000;
}

export function count(text: string): number {
  const value = numberIn(text);
  if (value === undefined) throw new InvalidArgumentError('It must be a number.');
  return value;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** `536870912`, `512m`. */
export function bytes(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)([kmg]?)b?$/i.exec(text) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  if (digits === '' || factor === undefined) throw new InvalidArgumentError('It must be a size: 536870912, or 512m.');
  return Math.floor(Number(digits) * factor);
}

export function variable(text: string, before: readonly string[] = []): readonly string[] {
  if (text.indexOf('=') > 0) return collect(text, before);
  throw new InvalidArgumentError('It must be of the form NAME=value.');
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** `--timeout`, for whatever stops a container. */
export function timeoutOption(): Option {
  return new Option('--timeout <seconds>', 'how long it may take to end by itself before it is ended by force')
    .argParser(seconds)
    .default(DEFAULT_TIMEOUT_MS, '10');
}

export function intervalOption(): Option {
  return new Option('--interval <seconds>', 'again and again, until it stops or Ctrl-C').argParser((text) => {
    const value = seconds(text);
    if (value > 0) return value;
    throw new InvalidArgumentError('It must be more than 0.');
  });
}

export const specOption = (): Option =>
  new Option('--spec <file>', 'the spec it was created from, where its bundle is not there any more');

export const factsOption = (): Option =>
  new Option('--facts <file>', 'what the simulated host is like (default: facts.json in its folder)');
