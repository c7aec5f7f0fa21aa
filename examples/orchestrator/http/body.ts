import type { IncomingMessage } from 'node:http';
import { HttpError } from './answers.ts';

const MOST_BYTES = 1024 * 1024;

const tooLarge = (): HttpError =>
  new HttpError(
    413,
    { code: 'body-too-large', message: `the body has more than ${MOST_BYTES} bytes`, hint: 'Send a smaller one.' },
    { connection: 'close' },
  );

async function textOf(request: IncomingMessage): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Whoever sends too much is told so: a request that is destroyed takes the connection with it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * The body as JSON; undefined when there is none. Only what says that it is JSON is read as such: a page of somebody
 * else cannot have a browser send that without asking first.
 * @throws {HttpError}
 */
export async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    const message = `the body is ${type ?? 'of no type'}, and not application/json`;
    throw new HttpError(415, { code: 'not-json', message, hint: 'Send JSON, and say so in content-type.' });
  }
  const text = await textOf(request);
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = `the body is no JSON: ${error instanceof Error ? error.message : String(error)}`;
    throw new HttpError(400, { code: 'bad-json', message, hint: 'Send valid JSON.' });
  }
}
