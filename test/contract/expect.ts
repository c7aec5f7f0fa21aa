/** What claims say of calls. */
import assert from 'node:assert/strict';
import { HostError } from '../../src/hcs/hostError.ts';

/** The failure of a call that must fail. @throws {Error} when it succeeds, or fails with anything but a HostError */
export async function failureOf(call: Promise<unknown>): Promise<HostError['failure']> {
  const [outcome] = await Promise.allSettled([call]);
  if (outcome?.status !== 'rejected') throw new Error('the call succeeded; it should have been refused');
  if (outcome.reason instanceof HostError) return outcome.reason.failure;
  throw new Error(`the call was refused with something that is no HostError: ${String(outcome.reason)}`);
}

/** The call must be refused with a code of one of these names, and the failure must name the call. */
export async function refused(name: string, call: Promise<unknown>, ...codes: readonly string[]): Promise<void> {
  const failure = await failureOf(call);
  assert.ok(codes.includes(failure.name), `${name} was refused with ${failure.name}, expected ${codes.join(' or ')}`);
  assert.equal(failure.call, name);
}

/** Waits until `isSo`; claims say nothing of how long. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Those of the calls that succeeded, and the codes of the others. */
export async function outcomesOf(calls: ReadonlyArray<Promise<unknown>>): Promise<readonly string[]> {
  const settled = await Promise.allSettled(calls);
  return settled
    .map((one) => {
      if (one.status === 'fulfilled') return 'ok';
      return one.reason instanceof HostError ? one.reason.failure.name : String(one.reason);
    })
    .sort();
}
