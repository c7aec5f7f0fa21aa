/** Watches a run in which one call hangs: which call it is, what it acquires or releases, and whether the run rests. */
import { setImmediate as turn } from 'node:timers/promises';
import type { LedgerEntry, Phase, ProvisionEvent, ResourceId, Watchable } from '../../src/index.ts';
import type { OpenCase } from './runCase.ts';

/** Turns of the event loop without any change after which nothing is on its way: the clock jumps in fewer. */
const QUIET_TURNS = 40;

/** Turns after which a run counts as one that never comes to rest. */
const MANY_TURNS = 1_000_000;

/** Lets the run go on until nothing moves any more. Gives whether that came about. */
export async function quiet(
  { host, clock }: Pick<OpenCase, 'host' | 'clock'>,
  run: { readonly state: object },
): Promise<boolean> {
  let seen = { calls: -1, now: -1, state: {} };
  let unchanged = 0;
  for (let turns = 0; turns < MANY_TURNS; turns += 1) {
    const now = { calls: host.calls.length, now: clock.now(), state: run.state };
    const isSame = now.calls === seen.calls && now.now === seen.now && now.state === seen.state;
    unchanged = isSame ? unchanged + 1 : 0;
    if (unchanged === QUIET_TURNS) return true;
    seen = now;
    await turn();
  }
  return false;
}

export interface HungCall {
  readonly call: string;
  readonly phase: Phase;
}

/** What is told of the run, event by event. */
export class HangWatch {
  hung: HungCall | undefined;
  /** What the call that hangs acquires or releases. */
  readonly mayBe = new Set<ResourceId>();
  readonly #entries = new Map<ResourceId, LedgerEntry>();

  /**
   * @param isNext whether the next call is the one that hangs
   * @param onHang told when it is begun
   * @param onGivenUp told when its outcome counts as unknown
   */
  constructor(
    { events$ }: Pick<Watchable, 'events$'>,
    { isNext, onHang, onGivenUp }: { isNext: () => boolean; onHang: () => void; onGivenUp: () => void },
  ) {
    events$.subscribe((event) => {
      if (event.type === 'call.started' && isNext()) {
        this.#noteHung(event);
        onHang();
      }
      if (event.type === 'resource.changed') this.#noteChange(event.entry);
      if (event.type === 'step.outcomeUnknown') onGivenUp();
    });
  }

  /** The ledger as it is now. */
  get entries(): readonly LedgerEntry[] {
    return [...this.#entries.values()];
  }

  /** What is intended and not yet held is what the call acquires. */
  #noteHung({ call, phase }: Extract<ProvisionEvent, { type: 'call.started' }>): void {
    this.hung = { call, phase };
    this.mayBe.clear();
    if (phase === 'releasing') return;
    for (const { id, state } of this.#entries.values()) if (state === 'intended') this.mayBe.add(id);
  }

  /** Releases come one after the other: the first that is given up is the one whose call hangs. */
  #noteChange(entry: LedgerEntry): void {
    this.#entries.set(entry.id, entry);
    const isGivenUp = this.hung?.phase === 'releasing' && entry.state === 'residue';
    if (isGivenUp && this.mayBe.size === 0) this.mayBe.add(entry.id);
  }
}
