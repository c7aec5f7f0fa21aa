import type { Writable } from 'node:stream';
import type { InspectorMessage, RunOverview } from '../protocol.ts';
import type { Changed, Registry } from './registry.ts';

/** How often those who look are told of what is new: of the lines of a run, and every few times of the list. */
const TURN_MS = 100;
const LIST_EVERY = 3;

/** How many streams there may be at a time. */
const MOST_CLIENTS = 32;
/** A client that has not taken that much is told nothing more until it has. */
const MOST_UNTAKEN_BYTES = 1024 * 1024;
/** How long it may take nothing before it is dropped: it comes again, and begins anew. */
const MOST_STUCK_MS = 20_000;
/** How many lines are told at a time. */
const MOST_LINES = 500;
/** What keeps a stream alive, and shows that nobody is there any more. */
const PULSE_MS = 15_000;

const RETRY = 'retry: 1000\n\n';

/** A response, or anything else that takes text. */
export type Stream = Pick<Writable, 'write' | 'destroy' | 'on' | 'writableLength'>;

interface Client {
  readonly response: Stream;
  /** The run that it looks at. */
  readonly run: string | undefined;
  /** How many lines of it were told. */
  told: number;
  /** The runs of the list that were not told; `all`: it begins anew. */
  dirty: Set<string> | 'all';
  /** The same run may be known anew. */
  known: unknown;
  hasProblem: boolean;
  stuckSince: number | undefined;
}

/** Tells those who look at runs what is new, a few times a second; nobody who is slow holds up anything. */
export class Clients {
  readonly #registry: Registry;
  readonly #clients = new Set<Client>();
  readonly #stopListening: () => void;
  readonly #pulse: NodeJS.Timeout;
  #timer: NodeJS.Timeout | undefined;
  #turns = 0;

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#stopListening = registry.onChange((changed) => this.#changed(changed));
    this.#pulse = setInterval(() => this.#beat(), PULSE_MS).unref();
  }

  get isFull(): boolean {
    return this.#clients.size >= MOST_CLIENTS;
  }

  /** Begins a stream: the head of the response has been written. */
  add(response: Stream, run: string | undefined): void {
    const fresh = { told: 0, dirty: 'all', known: undefined, hasProblem: false, stuckSince: undefined } as const;
    const client: Client = { response, run, ...fresh };
    this.#clients.add(client);
    const drop = () => void this.#clients.delete(client);
    response.on('close', drop).on('error', drop);
    response.write(RETRY);
    this.#tell(client, true);
    this.#plan();
  }

  close(): void {
    this.#stopListening();
    clearInterval(this.#pulse);
    clearTimeout(this.#timer);
    for (const { response } of this.#clients) response.destroy();
    this.#clients.clear();
  }

  #changed(changed: Changed): void {
    for (const client of this.#clients) {
      if (changed === undefined) client.dirty = 'all';
      else if (client.dirty !== 'all') client.dirty.add(changed);
    }
    this.#plan();
  }

  /** Nothing is planned as long as nobody looks, or nothing is new. */
  #plan(): void {
    if (this.#timer !== undefined || this.#clients.size === 0) return;
    this.#timer = setTimeout(() => this.#turn(), TURN_MS).unref();
  }

  #turn(): void {
    this.#timer = undefined;
    this.#turns += 1;
    const withList = this.#turns % LIST_EVERY === 0;
    const behind = [...this.#clients].filter((client) => this.#tell(client, withList));
    if (behind.length > 0) this.#plan();
  }

  #beat(): void {
    for (const { response } of this.#clients) if (response.writableLength === 0) response.write(':\n\n');
  }

  /** Gives whether there is more to tell. A client that cannot be told is dropped, and begins anew. */
  #tell(client: Client, withList: boolean): boolean {
    try {
      return this.#tellNew(client, withList);
    } catch {
      this.#drop(client);
      return false;
    }
  }

  #drop(client: Client): void {
    this.#clients.delete(client);
    client.response.destroy();
  }

  #tellNew(client: Client, withList: boolean): boolean {
    if (this.#isStuck(client)) return this.#clients.has(client);
    if (withList) this.#tellList(client);
    const isBehind = this.#tellLines(client);
    return isBehind || client.dirty === 'all' || client.dirty.size > 0;
  }

  #isStuck(client: Client): boolean {
    if (client.response.writableLength <= MOST_UNTAKEN_BYTES) {
      client.stuckSince = undefined;
      return false;
    }
    client.stuckSince ??= performance.now();
    if (performance.now() - client.stuckSince > MOST_STUCK_MS) this.#drop(client);
    return true;
  }

  #tellList(client: Client): void {
    const { dirty } = client;
    if (dirty !== 'all' && dirty.size === 0) return;
    const isAll = dirty === 'all';
    const runs = isAll
      ? [...this.#registry.runs]
      : Array.from(dirty).flatMap((id) => {
          const run = this.#registry.run(id);
          return run === undefined ? [] : [run];
        });
    client.dirty = new Set();
    const overviews = runs.map((run) => run.overview()).filter((one): one is RunOverview => one !== undefined);
    const { problems } = this.#registry;
    const list = { type: 'runs', isAll, runs: overviews, now: new Date().toISOString() } as const;
    send(client, isAll ? { ...list, problems } : list);
  }

  #tellLines(client: Client): boolean {
    if (client.run === undefined) return false;
    const run = this.#registry.run(client.run);
    if (run === undefined) {
      this.#tellProblem(client, client.run, UNKNOWN);
      return false;
    }
    if (run !== client.known) Object.assign(client, { known: run, told: 0, hasProblem: false });
    const lines = run.lines.slice(client.told, client.told + MOST_LINES);
    const from = client.told;
    client.told += lines.length;
    const isBehind = client.told < run.lines.length;
    if (lines.length > 0) send(client, { type: 'lines', run: run.id, from, lines, isBehind });
    if (!isBehind && run.problem !== undefined) this.#tellProblem(client, run.id, run.problem);
    return isBehind;
  }

  #tellProblem(client: Client, run: string, problem: typeof UNKNOWN): void {
    if (client.hasProblem) return;
    client.hasProblem = true;
    send(client, { type: 'problem', run, ...problem });
  }
}

const UNKNOWN = {
  code: 'run-unknown',
  message: 'there is no such run here',
  hint: 'It may have been removed, or it is kept in another journal.',
};

function send({ response }: Client, message: InspectorMessage): void {
  response.write(`data: ${JSON.stringify(message)}\n\n`);
}
