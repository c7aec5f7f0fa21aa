/** One process of the orchestrator, as its client and its murderer see it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { PodState } from '../../../../examples/orchestrator/pods/pod.ts';
import type { Said } from './ground.ts';

const ROOT = new URL('../../../..', import.meta.url).pathname;
const CHILD = new URL('child.ts', import.meta.url).pathname;
const POLL_MS = 20;
/** Longer than any answer may take. */
const ANSWER_MS = 20_000;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export class RunningOrchestrator {
  readonly #child: ChildProcess;
  #said: Said;
  #events = 0;

  private constructor(child: ChildProcess, said: Said) {
    this.#child = child;
    this.#said = said;
  }

  static async start(folder: string, seed: number, weather: 'storm' | 'calm'): Promise<RunningOrchestrator> {
    const args = ['--conditions=development', '--import', 'tsx', CHILD, folder, String(seed), weather];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the orchestrator ended by itself with ${code}`);
    });
    ended.catch(() => {});
    const [first] = await Promise.race([once(lines, 'line'), ended]);
    const running = new RunningOrchestrator(child, JSON.parse(first) as Said);
    lines.on('line', (line) => running.#hear(JSON.parse(line) as Said));
    void running.#countEvents();
    return running;
  }

  /** What it has said last. */
  get said(): Said {
    return this.#said;
  }

  /** How many states of pods it has told of. */
  get events(): number {
    return this.#events;
  }

  async ask(method: string, path: string, json?: object): Promise<Answer> {
    const body = json === undefined ? {} : { body: JSON.stringify(json) };
    const headers = { 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(ANSWER_MS);
    const answer = await fetch(`${this.#said.url}${path}`, { method, headers, signal, ...body });
    return { status: answer.status, body: JSON.parse(await answer.text()) };
  }

  /** The same, once it has looked at what was there before. */
  async askWhenReady(method: string, path: string, json?: object): Promise<Answer> {
    return eventually(async () => {
      const answer = await this.ask(method, path, json);
      return answer.status === 503 ? undefined : answer;
    }, `${method} ${path}`);
  }

  async pods(): Promise<readonly PodState[]> {
    return (await this.ask('GET', '/pods')).body as readonly PodState[];
  }

  /** Of one that is dead: nothing happens. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  #hear(said: Said): void {
    this.#said = said;
  }

  async #countEvents(): Promise<void> {
    try {
      const { body } = await fetch(`${this.#said.url}/events`);
      const decoder = new TextDecoder();
      for await (const chunk of body ?? []) {
        this.#events += decoder.decode(chunk, { stream: true }).split('event: pod').length - 1;
      }
    } catch {
      // It was killed.
    }
  }
}

/** What `look` gives, as soon as it gives something. @throws {Error} with `what` when that takes far too long */
export async function eventually<T>(look: () => Promise<T | undefined>, what: string, mostMs = 60_000): Promise<T> {
  const until = performance.now() + mostMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > until) throw new Error(`it does not come to this: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
