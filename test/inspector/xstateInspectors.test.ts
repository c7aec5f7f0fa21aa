import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createWebSocketInspector } from '@statelyai/inspect';
import { type WebSocket, WebSocketServer } from 'ws';
import type { InspectionEvent } from 'xstate';
import { until } from '../support/inspecting.ts';
import { faultOf, fullRequest, idle, setUp } from '../support/requests.ts';

const warnings: string[] = [];

beforeEach(() => {
  warnings.length = 0;
  jest.spyOn(process, 'emitWarning').mockImplementation((warning) => void warnings.push(String(warning)));
});
afterEach(() => void jest.restoreAllMocks());

const pathOf = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .map(([name, inner]) => `${name}.${pathOf(inner)}`)
        .join()
    : String(value);

interface Received {
  readonly type: string;
  readonly sessionId: string;
  readonly name?: string;
  readonly definition?: string;
  readonly snapshot?: { readonly value?: unknown };
}

test('through the WebSocket inspector of @statelyai/inspect, every state of a run arrives, and none of its secrets', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const received: string[] = [];
  server.on('connection', (socket: WebSocket) =>
    socket.on('message', (data: Buffer) => received.push(data.toString())),
  );
  const { port } = server.address() as AddressInfo;
  const inspector = createWebSocketInspector({ url: `ws://127.0.0.1:${port}` });
  await until(() => server.clients.size > 0);

  const { host, provisioner } = await setUp({}, { inspect: inspector });
  host.inject({ call: 'compute.create', when: 'before' });
  const provision = provisioner.create(fullRequest());
  const paths = new Set<string>();
  provision.state$.subscribe(({ path }) => paths.add(path));
  await faultOf(provision.result);
  const events = () => received.map((text) => JSON.parse(text) as Received);
  const arrived = () => new Set(events().map(({ snapshot }) => pathOf(snapshot?.value)));
  await until(() => arrived().has('rolledBack'));

  expect([...paths].filter((path) => !arrived().has(path))).toEqual([]);
  const root = events().find(({ type, name }) => type === '@xstate.actor' && name === 'createContainer');
  expect(Object.keys((JSON.parse(root?.definition ?? '{}') as { states: object }).states)).toContain('rollingBack');
  expect(received.join()).not.toContain('of the account');
  inspector.stop();
  for (const socket of server.clients) socket.terminate();
  await new Promise((resolve) => server.close(resolve));
});

describe('an inspector of XState', () => {
  test.each([
    ['a function', (next: (event: InspectionEvent) => void) => next],
    ['an observer', (next: (event: InspectionEvent) => void) => ({ next })],
    ['something with an inspector', (next: (event: InspectionEvent) => void) => ({ inspect: { next } })],
  ])('may be %s', async (_, inspectorOf) => {
    const types = new Set<string>();
    const { provisioner } = await setUp({}, { inspect: inspectorOf(({ type }) => types.add(type)) });
    await provisioner.create(fullRequest()).result;
    await until(() => types.size === 4);
    expect([...types].sort()).toEqual(['@xstate.actor', '@xstate.event', '@xstate.microstep', '@xstate.snapshot']);
  });

  test('that never answers stops no run; what it was not told is counted', async () => {
    const { provisioner } = await setUp({}, { inspect: () => new Promise(() => {}) });
    for (let n = 0; warnings.length === 0; n += 1) {
      const { container } = await provisioner.create(fullRequest()).result;
      await container.release();
      await idle(1);
      expect(n).toBeLessThan(200);
    }
    expect(warnings.join()).toContain('slower than the runs');
  });

  test('that rejects is reported, and stops no run', async () => {
    const { provisioner } = await setUp({}, { inspect: () => Promise.reject(new Error('no wire')) });
    await provisioner.create(fullRequest()).result;
    await until(() => warnings.some((warning) => warning.includes('no wire')));
  });

  test('cannot reach the actors', async () => {
    const reached = new Set<string>();
    const inspect = ({ actorRef }: InspectionEvent): void => {
      for (const name of ['send', 'stop', '_snapshot', 'system']) if (name in actorRef) reached.add(name);
    };
    const { provisioner } = await setUp({}, { inspect });
    await provisioner.create(fullRequest()).result;
    await idle();
    expect(reached.size).toBe(0);
  });
});
