/** GET /events: the pods as they are, and then every change, as server-sent events. */
import type { ServerResponse } from 'node:http';
import type { Orchestrator } from '../orchestrator.ts';
import type { PodId, PodState } from '../pods/pod.ts';

/** So that whoever has vanished without a word is noticed. */
const HEARTBEAT_MS = 15_000;

const eventOf = (state: PodState): string => `event: pod\ndata: ${JSON.stringify(state)}\n\n`;

/**
 * One reader. What it is too slow for is not kept: of each pod the newest state waits for it, and nothing else, however
 * long that takes.
 */
class Reader {
  readonly #response: ServerResponse;
  readonly #waiting = new Map<PodId, PodState>();

  constructor(response: ServerResponse) {
    this.#response = response;
    response.on('drain', () => this.#flush());
  }

  tell(state: PodState): void {
    this.#waiting.delete(state.id);
    this.#waiting.set(state.id, state);
    this.#flush();
  }

  #flush(): void {
    for (const [id, state] of this.#waiting) {
      if (this.#response.writableNeedDrain || this.#response.destroyed) return;
      this.#waiting.delete(id);
      this.#response.write(eventOf(state));
    }
  }
}

export function streamEvents(orchestrator: Orchestrator, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('retry: 1000\n\n');
  const reader = new Reader(response);
  for (const state of orchestrator.pods) reader.tell(state);
  const changes = orchestrator.changes$.subscribe({
    next: (state) => reader.tell(state),
    complete: () => response.end(),
  });
  const heartbeat = setInterval(() => response.writableNeedDrain || response.write(': still here\n\n'), HEARTBEAT_MS);
  response.on('close', () => {
    clearInterval(heartbeat);
    changes.unsubscribe();
  });
  // A reader that is gone is told by `close`; that writing to it failed is no news.
  response.on('error', () => {});
}
