import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Provisioner } from '../../engine/contract.ts';
import { systemCodeOf } from '../../hcs/systemError.ts';
import { InspectorFailed } from '../failed.ts';
import { STREAM_PATH } from '../protocol.ts';
import { Clients } from './clients.ts';
import { type PageFile, pageFiles } from './files.ts';
import { FolderFollower } from './followFolder.ts';
import { ProvisionerFollower } from './followProvisioner.ts';
import { type Guard, guardOf, type Refused } from './guard.ts';
import { Registry } from './registry.ts';
import { RunFileReader } from './runFileReader.ts';

export interface InspectorOptions {
  /** Shows the runs that it begins from now on. */
  readonly provisioner?: Pick<Provisioner, 'lines$'>;
  /** Shows the run files in this folder, whoever writes them. */
  readonly journal?: string;
  /** Shows this run file first. */
  readonly file?: string;
  /** Shows this run first. */
  readonly run?: string;
  /** Of loopback. Default: one that is free. */
  readonly port?: number;
  /** Whether it keeps the process alive. Default: true. */
  readonly keepsProcess?: boolean;
}

export interface Inspector {
  /** The page, with the token that it takes to see it. */
  readonly url: string;
  /** Ends it, and what is open of it. */
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const MOST_CONNECTIONS = 128;

const CONTENT_POLICY = [
  "default-src 'none'",
  ...['script', 'style', 'img', 'connect'].map((kind) => `${kind}-src 'self'`),
  ...['base-uri', 'form-action', 'frame-ancestors'].map((directive) => `${directive} 'none'`),
].join('; ');

const HEADERS = {
  'content-security-policy': CONTENT_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
} as const;

const NOT_BUILT: Refused = { status: 503, reason: 'The page was not built: npm run build makes it.' };
const NOT_FOUND: Refused = { status: 404, reason: 'There is no such thing here.' };
const FULL: Refused = { status: 503, reason: 'Too many look already: close a page.' };

interface Site {
  readonly guard: Guard;
  readonly files: ReadonlyMap<string, PageFile>;
  readonly clients: Clients;
}

function refuse(response: ServerResponse, { status, reason }: Refused): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' }).end(`${reason}\n`);
}

function answerStream({ clients }: Site, url: URL, response: ServerResponse): void {
  if (clients.isFull) {
    refuse(response, FULL);
    return;
  }
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
  clients.add(response, url.searchParams.get('run') ?? undefined);
}

function answerFile({ guard, files }: Site, { pathname }: URL, response: ServerResponse): void {
  const file = files.get(pathname);
  if (file === undefined) {
    refuse(response, pathname === '/' ? NOT_BUILT : NOT_FOUND);
    return;
  }
  const cookie = pathname === '/' ? { 'set-cookie': guard.cookie } : {};
  response.writeHead(200, { ...HEADERS, ...cookie, 'content-type': file.type }).end(file.bytes);
}

function answer(site: Site, request: IncomingMessage, response: ServerResponse): void {
  const asked = request.url ?? '';
  const url = URL.canParse(asked, `http://${LOOPBACK}`) ? new URL(asked, `http://${LOOPBACK}`) : undefined;
  const refused = url === undefined ? NOT_FOUND : site.guard.refuse(request, url);
  if (url === undefined || refused !== undefined) refuse(response, refused ?? NOT_FOUND);
  else if (url.pathname === STREAM_PATH && request.method === 'GET') answerStream(site, url, response);
  else answerFile(site, url, response);
}

function listenFailed(error: unknown, port: number): InspectorFailed {
  if (systemCodeOf(error) === 'EADDRINUSE') {
    const message = `port ${port} of ${LOOPBACK} is taken by another program`;
    return new InspectorFailed(
      'inspector-port-taken',
      message,
      'Choose another one, or none: a free one is taken then.',
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  const message = `the inspector cannot listen on port ${port} of ${LOOPBACK}: ${reason}`;
  return new InspectorFailed('inspector-not-started', message, 'Choose another port.');
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenFailed(error, port)));
    server.listen({ port, host: LOOPBACK, exclusive: true }, resolve);
  });
  server.removeAllListeners('error');
  server.on('error', () => {});
  const { port: chosen } = server.address() as AddressInfo;
  return chosen;
}

function serverOf(site: () => Site | undefined): Server {
  const server = createServer({ maxHeaderSize: 8192 }, (request, response) => {
    const ready = site();
    try {
      if (ready !== undefined) {
        answer(ready, request, response);
        return;
      }
    } catch {
      // The process has other work than ours: nothing of it ends for a request that we cannot answer.
    }
    response.destroy();
  });
  server.maxConnections = MOST_CONNECTIONS;
  return server.on('clientError', (_, socket) => socket.destroy());
}

/** @throws {InspectorFailed} for a run file that cannot be shown */
async function openFile(file: string | undefined, registry: Registry): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const reader = new RunFileReader(file, registry);
  await reader.read();
  if (reader.run !== undefined) return reader.run.id;
  const [problem] = registry.problems;
  if (problem !== undefined) throw new InspectorFailed(problem.code, problem.message, problem.hint);
  throw new InspectorFailed('run-file-empty', `the run file ${file} is empty`, 'See whether the path is right.');
}

/** Begins to follow what is to be shown; gives the end of that. */
async function follow({ provisioner, journal }: InspectorOptions, registry: Registry): Promise<() => void> {
  const live = provisioner === undefined ? undefined : new ProvisionerFollower(provisioner, registry);
  const folder = journal === undefined ? undefined : new FolderFollower(journal, registry);
  await folder?.start();
  return () => {
    live?.stop();
    folder?.stop();
  };
}

function urlOf(port: number, { token }: Guard, run: string | undefined): string {
  const place = run === undefined ? '' : `#run=${encodeURIComponent(run)}`;
  return `http://${LOOPBACK}:${port}/?token=${token}${place}`;
}

/**
 * Serves a page that shows runs, to whoever on this machine has its URL.
 * @throws {InspectorFailed}
 */
export async function startInspector(options: InspectorOptions): Promise<Inspector> {
  const registry = new Registry();
  const opened = await openFile(options.file, registry);
  const files = await pageFiles();
  let site: Site | undefined;
  const server = serverOf(() => site);
  const port = await listen(server, options.port ?? 0);
  const clients = new Clients(registry);
  const guard = guardOf(port);
  site = { guard, files, clients };
  if (options.keepsProcess === false) {
    server.unref();
    server.on('connection', (socket) => socket.unref());
  }
  const unfollow = await follow(options, registry);
  const close = async (): Promise<void> => {
    unfollow();
    clients.close();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return { url: urlOf(port, guard, opened ?? options.run), close };
}
