/**
 * A page that shows where every container stands, live: node:http and server-sent events, nothing else. Each message is
 * the whole list, so whoever is slow, or comes back, misses nothing by missing one. The page puts what it is told into
 * `textContent` alone and its policy allows no scripts but its own: an id cannot become markup.
 *
 *     node live-status.js [--port 8080] [--seconds 5]
 */
import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createProvisioner, type Provision, type ProvisionState } from 'slipway';
import { simulatedHost } from 'slipway/testing';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, seconds: { type: 'string' } } });

/** The pause between two messages: eyes need no more. */
const EVERY_MS = 200;

const pageWith = (nonce: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Containers</title>
<style nonce="${nonce}">
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
  body { margin: 1rem auto; max-width: 60rem; padding: 0 1rem }
  table { border-collapse: collapse; width: 100% }
  th, td { overflow-wrap: anywhere; padding: .25rem .5rem; text-align: start; vertical-align: top }
  tr { border-bottom: 1px solid light-dark(#ccc, #444) }
  @media (width < 40rem) { thead { display: none } tr { display: block } td { display: inline-block } }
  .failed, .needsHands { color: light-dark(#a00, #f99) }
  .provisioned { color: light-dark(#060, #8d8) }
</style>
<h1>Containers</h1>
<p role="status">connecting</p>
<table><thead><tr><th>id<th>status<th>step<th>why</thead><tbody></tbody></table>
<script nonce="${nonce}">
  const [says, rows] = [document.querySelector('p'), document.querySelector('tbody')];
  const source = new EventSource('/events');
  source.onopen = () => { says.textContent = 'live' };
  source.onerror = () => { says.textContent = 'not connected; trying again' };
  source.onmessage = ({ data }) => rows.replaceChildren(...JSON.parse(data).map(({ id, status, step, why }) => {
    const row = document.createElement('tr');
    row.className = status;
    for (const text of [id, status, step, why]) row.insertCell().textContent = text;
    return row;
  }));
</script>
</html>
`;

const states = new Map<string, ProvisionState>();
const watched = new WeakSet<Provision>();
const readers = new Set<ServerResponse>();
let isNew = false;

function show(state: ProvisionState): void {
  states.set(state.containerId, state);
  isNew = true;
}

/** The create, and then the container until it is released. */
function watch(provision: Provision): void {
  if (watched.has(provision)) return;
  watched.add(provision);
  provision.state$.subscribe(show);
  provision.result.then(
    ({ container }) => container.state$.subscribe(show),
    () => {}, // its last state says why
  );
}

const listing = (): string => {
  const rows = [...states.values()].map(({ containerId, status, step, fault }) => {
    return { id: containerId, status, step, why: fault === undefined ? '' : `${fault.message} ${fault.hint}` };
  });
  return `data: ${JSON.stringify(rows)}\n\n`;
};

setInterval(() => {
  if (!isNew) return;
  isNew = false;
  const message = listing();
  // Who has not read the last one yet would only pile them up; the next one has everything anyway.
  for (const reader of readers)
    if (reader.writableNeedDrain) isNew = true;
    else reader.write(message);
}, EVERY_MS).unref();

const server = createServer((request, response) => {
  if (request.method === 'GET' && request.url === '/') {
    const nonce = randomUUID();
    const policy = `default-src 'none'; connect-src 'self'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy });
    response.end(pageWith(nonce));
  } else if (request.method === 'GET' && request.url === '/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(listing());
    readers.add(response);
    response.on('close', () => readers.delete(response));
  } else response.writeHead(404, { 'content-type': 'text/plain' }).end('there is / and /events\n');
});

const host = simulatedHost({ latencies: 20 });
const provisioner = await createProvisioner({ host });
provisioner.provisions$.subscribe((provisions) => provisions.forEach(watch));

await new Promise<void>((resolve) => server.listen(Number(values.port), '127.0.0.1', resolve));
const address = server.address();
if (typeof address === 'object' && address !== null) process.stdout.write(`http://127.0.0.1:${address.port}/\n`);

host.inject({ call: 'compute.create', when: 'before', nth: 1 });
for (const id of ['web-1', 'web-2', 'web-3']) {
  const spec = { windows: { layerFolders: ['C:\\layers\\base', `C:\\scratch\\${id}`] } };
  provisioner.create({ id, spec }).result.catch(() => {}); // the page shows it
}

if (values.seconds !== undefined) {
  await sleep(Number(values.seconds) * 1000);
  server.closeAllConnections();
  server.close();
  await provisioner.close();
}
