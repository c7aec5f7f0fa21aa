/** Holds claims against hosts of a stage, one after the other. */
import type { Claim, HostUnderTest, Outcome, Stage, Verdict } from './claim.ts';

/** Milliseconds after which a claim counts as hung. */
const HUNG_AFTER_MS = 60_000;

class Hung extends Error {
  override readonly name = 'Hung';
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const hung = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Hung(`it hung for ${HUNG_AFTER_MS / 1000} s`)), HUNG_AFTER_MS);
  });
  try {
    return await Promise.race([work, hung]);
  } finally {
    clearTimeout(timer);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

async function failureOf(work: Promise<unknown>): Promise<string | undefined> {
  const [outcome] = await Promise.allSettled([inTime(work)]);
  return outcome?.status === 'rejected' ? messageOf(outcome.reason) : undefined;
}

async function checkOn(claim: Claim, on: HostUnderTest): Promise<Verdict> {
  const why = await failureOf(claim.check(on));
  const held = await inTime(on.close());
  if (why !== undefined) return { verdict: 'failed', why };
  return held.length === 0
    ? { verdict: 'passed' }
    : { verdict: 'failed', why: `the process still holds: ${held.join(', ')}` };
}

async function verdictOn(claim: Claim, stage: Stage): Promise<Verdict> {
  const missing = claim.needs.filter((ability) => !stage.abilities.has(ability));
  if (missing.length > 0) return { verdict: 'skipped', why: `${missing.join(', ')}: ${stage.whyNot}` };
  try {
    return await checkOn(claim, await inTime(stage.open()));
  } catch (error) {
    return { verdict: 'failed', why: messageOf(error) };
  }
}

export interface Listener {
  readonly begins?: (claim: Pick<Claim, 'suite' | 'says'>) => void;
  readonly ended?: (outcome: Outcome) => void;
}

/** Every claim gets a host of its own. */
export async function runClaims(
  claims: readonly Claim[],
  stage: Stage,
  { begins, ended }: Listener = {},
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const claim of claims) {
    const { suite, says } = claim;
    begins?.({ suite, says });
    const outcome = { suite, says, ...(await verdictOn(claim, stage)) };
    outcomes.push(outcome);
    ended?.(outcome);
  }
  return outcomes;
}
