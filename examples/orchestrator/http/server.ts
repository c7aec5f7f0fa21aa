/** The HTTP service: who may ask, and how every question comes to its answer. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Orchestrator } from '../orchestrator.ts';
import { HttpError, sendError } from './answers.ts';
import { routeOf } from './routes.ts';

export interface ServiceOptions {
  /** 0: any that is free. */
  readonly port: number;
  /** Default: loopback. There is no other protection: whoever can reach the port can do everything. */
  readonly address?: string;
}

export interface Service {
  readonly url: string;
  /** Ends all connections, also those that would go on for ever. */
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const LOCAL_NAMES: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** A name of somebody else that leads to this machine is how a page in a browser would get here. */
function checkName({ headers: { host = '' } }: IncomingMessage): void {
  const name = host.replace(/:\d+$/, '');
  if (LOCAL_NAMES.includes(name)) return;
  const message = `this is not ${name}`;
  throw new HttpError(421, { code: 'host-unknown', message, hint: `Use ${LOCAL_NAMES.join(', ')}.` });
}

function pathOf({ url = '/' }: IncomingMessage): string {
  try {
    return decodeURIComponent(new URL(url, 'http://localhost').pathname);
  } catch {
    throw new HttpError(400, { code: 'bad-path', message: 'the path cannot be read', hint: 'Encode it.' });
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, orchestrator: Orchestrator): Promise<void> {
  const { handler, id } = routeOf(request.method ?? 'GET', pathOf(request));
  await handler({ orchestrator, request, response, id });
}

async function listening(server: Server, { port, address = LOOPBACK }: ServiceOptions): Promise<AddressInfo> {
  server.listen(port, address);
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new TypeError('the server has no port');
  return bound;
}

/** @throws {Error} of node:net when the port is taken */
export async function startService(orchestrator: Orchestrator, options: ServiceOptions): Promise<Service> {
  const isLocal = options.address === undefined;
  const server = createServer((request, response) => {
    const work = async (): Promise<void> => {
      if (isLocal) checkName(request);
      await answer(request, response, orchestrator);
    };
    work().catch((error: unknown) => sendError(response, error));
  });
  const { address, port } = await listening(server, options);
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://${address.includes(':') ? `[${address}]` : address}:${port}`, close };
}
