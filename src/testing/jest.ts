/// <reference types="node" preserve="true" />
/** Matchers for jest and whatever else has `expect.extend`: `expect.extend(slipwayMatchers)`. Nothing of jest is imported. */
import { isAlive, type LedgerEntry } from '../domain/resource.ts';
import { ProvisionFault } from '../engine/faults.ts';
import { leftOn, type NothingLeftOptions, SomethingLeft } from './nothingLeft.ts';

/** What a matcher gives, as `expect.extend` wants it. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

interface Snapshotted {
  snapshot(): readonly string[];
}

interface Holding {
  readonly resources: readonly LedgerEntry[];
}

const result = (pass: boolean, message: string): MatcherResult => ({ pass, message: () => message });

/** `await expect(host).toHaveNothingLeft({ provisioner })` */
async function toHaveNothingLeft(host: Snapshotted, options?: NothingLeftOptions): Promise<MatcherResult> {
  const { leftOvers, gone } = await leftOn(host, options);
  const left = new SomethingLeft(leftOvers, gone);
  const pass = left.message === '';
  return result(pass, pass ? 'nothing is left on the host, and something should be' : left.message);
}

async function outcomeOf(provision: Promise<unknown>): Promise<unknown> {
  try {
    await provision;
    return undefined;
  } catch (error) {
    return error;
  }
}

/** `await expect(provision.result).toFailAs('access-denied', { step: 'networking' })` */
async function toFailAs(
  provision: Promise<unknown>,
  code: string,
  { step }: { readonly step?: string } = {},
): Promise<MatcherResult> {
  const error = await outcomeOf(provision);
  const wanted = step === undefined ? code : `${code} in ${step}`;
  if (error === undefined) return result(false, `it should fail as ${wanted}, and succeeds`);
  if (!(error instanceof ProvisionFault))
    return result(false, `it should fail as ${wanted}, and throws ${String(error)}`);
  const pass = error.code === code && (step === undefined || error.step === step);
  return result(pass, `it fails as ${error.code} in ${error.step}, with the words: ${error.message}`);
}

/** `expect(container).toHold('namespace')`: something of that kind is alive in its ledger. */
function toHold({ resources }: Holding, kind: LedgerEntry['resource']['kind']): MatcherResult {
  const alive = resources.filter(isAlive).map(({ resource }) => resource.kind);
  return result(alive.includes(kind), `it holds ${alive.length === 0 ? 'nothing' : alive.join(', ')}`);
}

export const slipwayMatchers = { toHaveNothingLeft, toFailAs, toHold };

/** The matchers as `expect` has them then: `interface Matchers<R extends void | Promise<void>> extends SlipwayMatchers<R> {}` in a `declare module 'expect'` of one's own. */
export interface SlipwayMatchers<R> {
  toHaveNothingLeft(options?: NothingLeftOptions): Promise<R>;
  toFailAs(code: string, where?: { readonly step?: string }): Promise<R>;
  toHold(kind: LedgerEntry['resource']['kind']): R;
}
