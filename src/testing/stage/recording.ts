/** What the actors of a run do when all goes well: the ground that paths stand on. */
import type { ProvisionId } from '../../domain/ids.ts';
import type { LedgerEntry } from '../../domain/resource.ts';
import { isAlive } from '../../domain/resource.ts';
import type { ProvisionRun } from '../../engine/provisionRun.ts';
import type { TakenUp } from '../../machines/run/contract.ts';
import { type Stage, settle } from './stage.ts';

/** Something that a run acquires; `atLastCall`: what its ledger says of it when the last call of the actor is made. */
export interface Gain {
  readonly kind: LedgerEntry['resource']['kind'];
  readonly atLastCall: 'held' | 'intended' | 'absent';
}

/** What one actor did. */
export interface Performance {
  readonly output: unknown;
  /** The calls to the host that it made; 0: none. */
  readonly calls: number;
  readonly lastCall: string | undefined;
  readonly gains: readonly Gain[];
}

export interface Recording {
  readonly performances: ReadonlyMap<string, Performance>;
  /** What a run that is taken up has: from its ledger. */
  readonly found: ReadonlyArray<LedgerEntry['resource']['kind']>;
  readonly takenUp: TakenUp | undefined;
  readonly provisionId: ProvisionId;
  /** The id of the statechart that drives it. */
  readonly machine: string;
  /** Whether it makes something in a VM. */
  readonly isHosted: boolean;
}

const SERVICE = /^(compute|guest|credentials)\./;

/** Whether the Host Compute Service answers the last call of the actor. */
export const isOfService = ({ lastCall }: Performance): boolean => lastCall !== undefined && SERVICE.test(lastCall);

function gainsOf(
  before: readonly LedgerEntry[],
  atLast: readonly LedgerEntry[],
  after: readonly LedgerEntry[],
): readonly Gain[] {
  const known = new Set(before.map(({ id }) => id));
  return after
    .filter((entry) => isAlive(entry) && !known.has(entry.id))
    .map(({ id, resource }) => {
      const then = atLast.find((entry) => entry.id === id)?.state;
      return { kind: resource.kind, atLastCall: then === undefined ? 'absent' : then === 'held' ? 'held' : 'intended' };
    });
}

async function perform(stage: Stage, run: ProvisionRun, id: string): Promise<Performance> {
  const { host, conductor } = stage;
  const held = conductor.held(id);
  if (held === undefined) throw new RangeError(`${id} is not at work`);
  const [before, callsBefore] = [run.entries, host.calls.length];
  let atLast = before;
  const subscription = run.recorder.life.events$.subscribe(({ type }) => {
    if (type === 'call.started') atLast = run.entries;
  });
  held.begin();
  while (!held.hasEnded) await settle(1);
  subscription.unsubscribe();
  held.answer();
  const output = await held.heard;
  await settle();
  const calls = host.calls.slice(callsBefore);
  return { output, calls: calls.length, lastCall: calls.at(-1)?.call, gains: gainsOf(before, atLast, run.entries) };
}

/** Lets the run of the stage go to where it rests, one actor after the other. */
export async function record(stage: Stage): Promise<Recording> {
  const performances = new Map<string, Performance>();
  const run = stage.runOfScenario();
  const found = run.entries.filter(isAlive).map(({ resource }) => resource.kind);
  run.start();
  await settle();
  while (run.recorder.state.status === 'provisioning') {
    const waiting = stage.conductor.waiting.filter((id) => !performances.has(id));
    const [next] = waiting;
    if (next === undefined) throw new RangeError(`the run stands still at ${run.recorder.state.path}`);
    performances.set(next, await perform(stage, run, next));
  }
  const { provisionId } = run.recorder.state;
  const machine = stage.options.scenario.kind === 'container' ? 'createContainer' : 'utilityVm';
  const isHosted = stage.hostedIn !== undefined;
  return { performances, found, takenUp: stage.takenUp, provisionId, machine, isHosted };
}
