import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Finding } from 'slipway';
import { type Service, startService } from '../../../examples/orchestrator/http/server.ts';
import type { Orchestrator } from '../../../examples/orchestrator/orchestrator.ts';
import type { PodState } from '../../../examples/orchestrator/pods/pod.ts';
import { add, manifestOf, newScene, reaches, type Scene, settled } from './scene.ts';

let scene: Scene;
let orchestrator: Orchestrator;
let service: Service;

beforeEach(async () => {
  scene = newScene('flows');
  orchestrator = await scene.open();
  service = await startService(orchestrator, { port: 0 });
  await add(orchestrator, manifestOf('web'));
  await reaches(orchestrator, 'web', 'running');
});
afterEach(async () => {
  await service.close();
  await scene.end();
});

const JSON_TYPE = { 'content-type': 'application/json' };

interface Told {
  readonly code?: string;
  readonly findings?: readonly Finding[];
}

async function ask(method: string, path: string, body?: string, headers: Record<string, string> = JSON_TYPE) {
  const answer = await fetch(`${service.url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  return { status: answer.status, headers: answer.headers, body: JSON.parse(await answer.text()) as Told };
}

const post = (manifest: unknown) => ask('POST', '/pods', JSON.stringify(manifest));

test('pods are added, shown, listed and deleted', async () => {
  expect(await post(manifestOf('api'))).toMatchObject({ status: 201, body: { id: 'api' } });
  expect(await post(manifestOf('api'))).toMatchObject({ status: 200 });
  expect(await post(manifestOf('api', 'job'))).toMatchObject({ status: 409, body: { code: 'pod-exists' } });
  await reaches(orchestrator, 'api', 'running');
  expect((await ask('GET', '/pods')).body).toMatchObject([{ id: 'web' }, { id: 'api', phase: 'running' }]);
  const gone = reaches(orchestrator, 'api', 'deleted');
  expect(await ask('DELETE', '/pods/api')).toMatchObject({ status: 202 });
  await gone;
  expect(await ask('GET', '/pods/api')).toMatchObject({ status: 404, body: { code: 'pod-unknown' } });
});

test('a pod is shown without its secrets', async () => {
  const { body } = await ask('GET', '/pods/web');
  expect(body).toMatchObject({
    id: 'web',
    manifest: { restart: 'always', spec: { process: { args: ['serve.exe'] } } },
  });
  expect(JSON.stringify(body)).not.toContain('tell-nobody');
});

test('what is wrong with a pod is pointed at, as Slipway finds it, and nothing is begun', async () => {
  const { spec } = manifestOf('bad');
  const wrong = { ...spec, mounts: [{ type: 'nfs', source: 'C:\\data', destination: 'C:\\data' }], process: {} };
  const { status, body } = await post({ id: 'bad', spec: wrong });
  expect(status).toBe(422);
  expect(body).toMatchObject({ code: 'invalid-request', hint: expect.any(String) });
  const pointers = body.findings?.map(({ pointer }) => pointer);
  expect(pointers).toEqual(expect.arrayContaining(['/spec/mounts/0/type', '/spec/process/args']));
  expect(orchestrator.pods.map(({ id }) => id)).toEqual(['web']);
});

test('what is no manifest is pointed at too', async () => {
  const { status, body } = await post({ id: 'Not This', restart: 'sometimes', colour: 'red' });
  expect([status, body.code]).toEqual([422, 'manifest-invalid']);
  const pointers = body.findings?.map(({ pointer }) => pointer);
  expect(pointers?.toSorted()).toEqual(['/colour', '/id', '/restart', '/spec']);
});

test.each([
  ['POST', '/pods', '{"id":', JSON_TYPE, 400, 'bad-json'],
  ['POST', '/pods', 'x'.repeat(1024 * 1024 + 1), JSON_TYPE, 413, 'body-too-large'],
  ['POST', '/pods', '{}', { 'content-type': 'text/plain' }, 415, 'not-json'],
  ['POST', '/drain', '{"timeoutMs":-1}', JSON_TYPE, 422, 'drain-invalid'],
  ['POST', '/drain', undefined, {}, 415, 'not-json'],
  ['PUT', '/pods', '{}', JSON_TYPE, 405, 'method-not-allowed'],
  ['GET', '/pods/nobody', undefined, {}, 404, 'pod-unknown'],
  ['DELETE', '/pods/..%2f..%2fetc', undefined, {}, 404, 'path-unknown'],
  ['GET', '/nowhere', undefined, {}, 404, 'path-unknown'],
  ['GET', '/pods/%', undefined, {}, 400, 'bad-path'],
] as const)('%s %s is answered with an error in words (%#)', async (method, path, body, headers, status, code) => {
  const answer = await ask(method, path, body, { ...headers });
  expect(answer).toMatchObject({ status, body: { code, message: expect.any(String), hint: expect.any(String) } });
  if (status === 405) expect(answer.headers.get('allow')).toBe('GET, POST');
});

test('a body that is too large is refused, also when it does not say how large it is', async () => {
  const { port } = new URL(service.url);
  const answer = await new Promise((resolve, reject) => {
    const asked = httpRequest({ port, host: '127.0.0.1', path: '/pods', method: 'POST', headers: JSON_TYPE });
    asked.on('response', (response) => resolve(response.statusCode));
    asked.on('error', reject);
    for (let n = 0; n <= 16; n += 1) asked.write('x'.repeat(65_536));
  });
  expect(answer).toBe(413);
});

test('whoever comes under another name is refused', async () => {
  const { port } = new URL(service.url);
  const status = await new Promise((resolve, reject) => {
    const asked = httpRequest({ port, host: '127.0.0.1', path: '/pods', headers: { host: 'evil.example' } });
    asked.on('response', (answer) => resolve(answer.statusCode));
    asked.on('error', reject);
    asked.end();
  });
  expect(status).toBe(421);
});

test('a drain is answered when it is over, and nothing is taken on any more', async () => {
  expect(await ask('POST', '/drain', '{"timeoutMs":60000}')).toMatchObject({
    status: 200,
    body: { stopped: ['web'], left: [] },
  });
  expect(await post(manifestOf('api'))).toMatchObject({ status: 503, body: { code: 'draining' } });
  expect((await ask('GET', '/healthz')).body).toEqual({ status: 'draining', pods: 1, unreadable: [] });
});

test('the page is served, whole, and says that it asks nobody else', async () => {
  const answer = await fetch(service.url);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  const page = await answer.text();
  expect(page).toContain("new EventSource('/events')");
  expect(page).not.toMatch(/innerHTML|https?:\/\//);
});

/** The states that a stream tells, until it has told of `phase`. */
async function toldUntil(id: string, phase: string, meanwhile: () => Promise<unknown> = async () => {}) {
  const stop = new AbortController();
  const { body } = await fetch(`${service.url}/events`, { signal: stop.signal });
  const decoder = new TextDecoder();
  let text = '';
  let done: Promise<unknown> | undefined;
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    done ??= meanwhile();
    if (text.includes(`"phase":"${phase}"`) && text.includes(`"id":"${id}"`)) break;
  }
  stop.abort();
  await done;
  const data = [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => JSON.parse(json) as PodState);
  return data.filter((state) => state.id === id).map((state) => state.phase);
}

test('the stream tells the pods as they are, and then every change', async () => {
  expect(await toldUntil('web', 'running')).toEqual(['running']);
  const phases = await toldUntil('api', 'deleted', async () => {
    await post(manifestOf('api'));
    await reaches(orchestrator, 'api', 'running');
    await ask('DELETE', '/pods/api');
  });
  expect([...new Set(phases)]).toEqual([
    'recovering',
    'queued',
    'creating',
    'starting',
    'running',
    'stopping',
    'releasing',
    'deleted',
  ]);
});

test('a reader that has vanished is forgotten', async () => {
  const { port, hostname } = new URL(service.url);
  const reader = connect(Number(port), hostname);
  reader.write('GET /events HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await settled(() => orchestrator.changes$.observed);
  reader.destroy();
  await settled(() => !orchestrator.changes$.observed);
  await post(manifestOf('api'));
  await reaches(orchestrator, 'api', 'running');
});

test('a reader that does not read holds up nobody, and costs no more than its newest states', async () => {
  const { port, hostname } = new URL(service.url);
  const reader = connect(Number(port), hostname);
  reader.pause();
  reader.write('GET /events HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await settled(() => orchestrator.changes$.observed);
  const state = { ...orchestrator.pod('web').state, path: 'x'.repeat(10_000) };
  const before = process.memoryUsage().arrayBuffers;
  for (let n = 1; n <= 5_000; n += 1) orchestrator.changes$.next({ ...state, starts: n });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(25_000_000);
  let text = '';
  reader.on('data', (chunk) => {
    text += String(chunk);
  });
  reader.resume();
  await settled(() => text.includes('"starts":5000'));
  expect(text.length).toBeLessThan(25_000_000);
  reader.destroy();
});
