import { InvalidArgumentError, Option } from 'commander';
import type { Patience } from '../domain/deadlines.ts';

export interface LeaseOptions {
  /** Milliseconds. */
  readonly lease?: number | undefined;
}

function minutes(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value * 60_000;
  throw new InvalidArgumentError('It must be a number of minutes.');
}

/** `--lease`, for creates that can be told to keep what they had acquired. */
export function leaseOption(): Option {
  return new Option('--lease <minutes>', 'with --keep-on-failure: how long it is kept (default: a day)').argParser(
    minutes,
  );
}

export function patienceOf({ lease }: LeaseOptions): { readonly patience?: Partial<Patience> } {
  return lease === undefined ? {} : { patience: { leaseMs: lease } };
}
