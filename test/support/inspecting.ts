/** What tests share that look at what an inspector is told. */

import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { Provisioner, RunLine } from '../../src/index.ts';
import type { InspectorMessage } from '../../src/inspector/protocol.ts';
import { parseRunFile } from '../../src/journal/runFile.ts';

/** The lines of each run from now on, by its id. */
export function linesOfRuns({ lines$ }: Pick<Provisioner, 'lines$'>): ReadonlyMap<string, RunLine[]> {
  const all = new Map<string, RunLine[]>();
  lines$.subscribe(({ run, line }) => {
    const lines = all.get(run) ?? [];
    all.set(run, lines);
    lines.push(line);
  });
  return all;
}

export const linesOfFile = (file: string): readonly RunLine[] => parseRunFile(file, readFileSync(file)).lines;

/** Asks until it is so. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
}

export const tokenOf = (url: string): string => new URL(url).searchParams.get('token') ?? '';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request as anybody could make it. */
export function ask(url: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(url, { headers, method }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    asked.on('error', reject).end();
  });
}

/** One who looks, as the page does. */
export class Looker {
  readonly messages: InspectorMessage[] = [];
  /** All that came, as it came. */
  text = '';
  readonly #abort = new AbortController();

  /** @param url the one that the inspector gave */
  static async at(url: string, run?: string): Promise<Looker> {
    const looker = new Looker();
    const stream = new URL(`/api/stream${run === undefined ? '' : `?run=${run}`}`, url);
    const headers = { authorization: `Bearer ${tokenOf(url)}` };
    const response = await fetch(stream, { headers, signal: looker.#abort.signal });
    if (!response.ok || response.body === null) throw new Error(`the stream answered ${response.status}`);
    looker.#read(response.body).catch(() => {});
    return looker;
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of body) {
      const text = decoder.decode(chunk, { stream: true });
      this.text += text;
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        if (block.startsWith('data: ')) this.messages.push(JSON.parse(block.slice(6)) as InspectorMessage);
      }
    }
  }

  /** The lines of the run that it looks at. */
  get lines(): readonly RunLine[] {
    const lines: RunLine[] = [];
    for (const message of this.messages) {
      if (message.type === 'lines') lines.splice(message.from, Infinity, ...message.lines);
    }
    return lines;
  }

  /** The list as it is by now. */
  get runs() {
    const runs = this.messages.flatMap((message) => (message.type === 'runs' ? [message] : []));
    const known = new Map<string, (typeof runs)[number]['runs'][number]>();
    for (const { isAll, runs: told } of runs) {
      if (isAll) known.clear();
      for (const run of told) known.set(run.id, run);
    }
    return [...known.values()];
  }

  leave(): void {
    this.#abort.abort();
  }
}
