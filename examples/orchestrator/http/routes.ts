/** What can be asked for, and by whom it is answered. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { redactSpec } from 'slipway';
import * as z from 'zod';
import type { Orchestrator } from '../orchestrator.ts';
import type { PodManifest } from '../pods/pod.ts';
import { HttpError, sendJson } from './answers.ts';
import { jsonOf } from './body.ts';
import { streamEvents } from './events.ts';

interface Exchange {
  readonly orchestrator: Orchestrator;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What stands for `{id}`. */
  readonly id: string;
}

type Handler = (exchange: Exchange) => Promise<void> | void;

const PAGE = readFileSync(new URL('../page/index.html', import.meta.url));
/** The page has its script and its style in itself, and asks for nothing but what this server has. */
const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

const DEFAULT_DRAIN_MS = 60_000;
const drainRequest = z.strictObject({ timeoutMs: z.number().positive().default(DEFAULT_DRAIN_MS) });

function withoutSecrets({ id, restart, request }: PodManifest): object {
  return { id, restart, ...request, spec: redactSpec(request.spec) };
}

async function addPod({ orchestrator, request, response }: Exchange): Promise<void> {
  const { isNew, state } = await orchestrator.add(await jsonOf(request));
  sendJson(response, isNew ? 201 : 200, state, { location: `/pods/${state.id}` });
}

function showPod({ orchestrator, response, id }: Exchange): void {
  const { manifest, state } = orchestrator.pod(id);
  sendJson(response, 200, { ...state, manifest: withoutSecrets(manifest) });
}

async function drain({ orchestrator, request, response }: Exchange): Promise<void> {
  const { data, error } = drainRequest.safeParse((await jsonOf(request)) ?? {});
  if (error !== undefined) {
    const message = `a drain cannot be asked for like that: ${z.prettifyError(error)}`;
    throw new HttpError(422, { code: 'drain-invalid', message, hint: 'Send {"timeoutMs": N}, or no body.' });
  }
  sendJson(response, 200, await orchestrator.drain(data.timeoutMs));
}

function showHealth({ orchestrator, response }: Exchange): void {
  const { isDraining, pods, unreadable } = orchestrator;
  sendJson(response, 200, { status: isDraining ? 'draining' : 'ok', pods: pods.length, unreadable });
}

/** By path, then by method. */
const ROUTES: ReadonlyArray<readonly [RegExp, Readonly<Record<string, Handler>>]> = [
  [/^\/$/, { GET: ({ response }) => void response.writeHead(200, PAGE_HEADERS).end(PAGE) }],
  [/^\/healthz$/, { GET: showHealth }],
  [/^\/events$/, { GET: ({ orchestrator, response }) => streamEvents(orchestrator, response) }],
  [/^\/drain$/, { POST: drain }],
  [/^\/pods$/, { GET: ({ orchestrator, response }) => sendJson(response, 200, orchestrator.pods), POST: addPod }],
  [
    /^\/pods\/(?<id>[^/]+)$/,
    {
      GET: showPod,
      DELETE: async ({ orchestrator, response, id }) => sendJson(response, 202, await orchestrator.delete(id)),
    },
  ],
];

/** @throws {HttpError} when there is no such path, or not that method */
export function routeOf(method: string, path: string): { readonly handler: Handler; readonly id: string } {
  for (const [pattern, methods] of ROUTES) {
    const match = pattern.exec(path);
    if (match === null) continue;
    const handler = methods[method];
    if (handler !== undefined) return { handler, id: match.groups?.id ?? '' };
    const allow = Object.keys(methods).join(', ');
    const message = `${path} does not know ${method}`;
    throw new HttpError(405, { code: 'method-not-allowed', message, hint: `Use ${allow}.` }, { allow });
  }
  const hint = 'See GET /pods, GET /events and GET /healthz.';
  throw new HttpError(404, { code: 'path-unknown', message: `there is nothing at ${path}`, hint });
}
