import { setTimeout as pause } from 'node:timers/promises';
import { ADMISSION_CLASSES, createProvisioner } from '../src/index.ts';
import { difference, simulatedHost } from '../src/testing/index.ts';
import { type Benchmark, type Budget, inUnit, type Row } from './measure.ts';
import { WEB_HOST, webRequest } from './web.ts';

const MB = 2 ** 20;

/** How much work of a class goes on at once, where that is limited. */
const LIMIT = 8;

/** What lives; without --expose-gc, garbage is counted too. */
async function heapUsed(): Promise<number> {
  await pause(0);
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const startedAt = performance.now();
  const value = await work();
  return { value, ms: performance.now() - startedAt };
}

const limitOf = (limit: number) => Object.fromEntries(ADMISSION_CLASSES.map((name) => [name, limit]));

async function creates(count: number, limit = Infinity): Promise<Row> {
  const host = simulatedHost(WEB_HOST);
  const described = host.snapshot();
  const provisioner = await createProvisioner({ host, admission: limitOf(limit) });
  const requests = Array.from({ length: count }, (_, n) => webRequest(n));
  const before = await heapUsed();
  const created = await timed(() => Promise.all(requests.map((request) => provisioner.create(request).result)));
  const provisioned = await heapUsed();
  const released = await timed(() => Promise.all(created.value.map(({ container }) => container.release())));
  const left = difference(described, host.snapshot()).appeared.filter((line) => !line.startsWith('disk.')).length;
  if (left > 0) throw new Error(`${left} things are left on the host after the release of ${count} containers`);
  return {
    name: limit === Infinity ? String(count) : `${count}, limit ${limit}`,
    figures: {
      ...inUnit({ creates: created.ms, releases: released.ms }, 'ms'),
      ...inUnit({ 'each create': created.ms / count, 'each release': released.ms / count }, 'us'),
      'heap MB': (provisioned - before) / MB,
      'heap of each kB': (provisioned - before) / count / 1024,
    },
  };
}

async function run({ atOnce }: Budget): Promise<readonly Row[]> {
  const [first = 1] = atOnce;
  // The first creates of a process are slow, and fill caches.
  for (let n = 0; n < Math.min(50, atOnce.length * 10); n += 1) await creates(first);
  const rows: Row[] = [];
  for (const count of atOnce) rows.push(await creates(count));
  rows.push(await creates(Math.max(...atOnce), LIMIT));
  return rows;
}

/** Many creates of one provisioner, begun in one turn of the event loop, and their release. */
export const atOnce: Benchmark = { name: 'at-once', title: 'Creates at once on one host, and their release', run };
