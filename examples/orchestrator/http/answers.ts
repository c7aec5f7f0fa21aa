/** What is answered: JSON, and every error with a code, a sentence and what to do. */
import type { ServerResponse } from 'node:http';
import { Refusal, type RefusalCode } from '../refusal.ts';

/** Something that is wrong with the HTTP request itself. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, error: { code: string; message: string; hint: string }, headers = {}) {
    super(error.message);
    this.status = status;
    this.code = error.code;
    this.hint = error.hint;
    this.headers = headers;
  }
}

const STATUS: Readonly<Record<RefusalCode, number>> = {
  'manifest-invalid': 422,
  'invalid-request': 422,
  'pod-exists': 409,
  'pod-being-deleted': 409,
  'pod-unknown': 404,
  draining: 503,
  recovering: 503,
  'store-unwritable': 507,
};

export function sendJson(response: ServerResponse, status: number, json: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
  response.end(`${JSON.stringify(json)}\n`);
}

/** What nobody has foreseen is told without what it was: it may hold what is nobody's business. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
  } else if (error instanceof Refusal) {
    const { code, message, hint, findings } = error;
    sendJson(response, STATUS[code], { code, message, hint, ...(findings.length === 0 ? {} : { findings }) });
  } else if (error instanceof HttpError) {
    const { code, message, hint, headers } = error;
    sendJson(response, error.status, { code, message, hint }, headers);
  } else {
    process.emitWarning(error instanceof Error ? error : String(error));
    const hint = 'This is a defect of the orchestrator; what it printed says more.';
    sendJson(response, 500, { code: 'internal-error', message: 'it failed in a way that was not foreseen', hint });
  }
}
