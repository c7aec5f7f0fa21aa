import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createProvisioner, type Provisioner, startInspector } from '../src/index.ts';
import { simulatedHost } from '../src/testing/index.ts';
import { type Benchmark, type Budget, inUnit, type Row } from './measure.ts';
import { WEB_HOST, webRequest } from './web.ts';

/** With a call that takes so long, and two events for each, a run has about 20 events a second. */
const CALL_MS = 100;
const CREATES = 50;
const ROUNDS = 5;

/** Takes all that it is told, as the page does. */
const LOOKER = `
  const [url, token] = process.argv.slice(1);
  const response = await fetch(url, { headers: { authorization: 'Bearer ' + token } });
  process.stdout.write('looks\\n');
  for await (const chunk of response.body) if (chunk.length === 0) break;
`;

interface Load {
  readonly creates: number;
  readonly latencyMs: number;
}

interface Taken {
  readonly ms: number;
  /** Of this process. */
  readonly cpuMs: number;
}

/** Begins the creates, and waits until all have been made and given back. */
async function carryOut(provisioner: Provisioner, { creates }: Load): Promise<Taken> {
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const runs = Array.from({ length: creates }, (_, n) => provisioner.create(webRequest(n)));
  await Promise.all(
    runs.map(async ({ result }) => {
      const { container } = await result;
      await container.release();
    }),
  );
  const { user, system } = process.cpuUsage(cpuBefore);
  return { ms: performance.now() - startedAt, cpuMs: (user + system) / 1_000 };
}

const provisionerFor = ({ latencyMs }: Load): Promise<Provisioner> =>
  createProvisioner({ host: simulatedHost({ ...WEB_HOST, latencies: latencyMs }) });

async function lookAt(url: string): Promise<ChildProcess> {
  const stream = new URL('/api/stream', url).href;
  const token = new URL(url).searchParams.get('token') ?? '';
  const args = ['--input-type=module', '--eval', LOOKER, stream, token];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout !== null) await once(child.stdout, 'data');
  return child;
}

async function withInspector(load: Load): Promise<Taken> {
  const provisioner = await provisionerFor(load);
  const inspector = await startInspector({ provisioner });
  const looker = await lookAt(inspector.url);
  const taken = await carryOut(provisioner, load);
  looker.kill();
  await inspector.close();
  return taken;
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const medianOf = (taken: readonly Taken[]): Taken => ({
  ms: median(taken.map(({ ms }) => ms)),
  cpuMs: median(taken.map(({ cpuMs }) => cpuMs)),
});

function rowOf(name: string, { ms, cpuMs }: Taken, base: Taken): Row {
  const more = { 'slower by %': (ms / base.ms - 1) * 100, 'more processor by %': (cpuMs / base.cpuMs - 1) * 100 };
  return { name, figures: { ...inUnit({ 'all of them': ms, processor: cpuMs }, 'ms'), ...more } };
}

async function run({ slowness, atOnce }: Budget): Promise<readonly Row[]> {
  const load = { creates: Math.min(CREATES, Math.max(...atOnce)), latencyMs: CALL_MS * slowness };
  const [plain, watched]: [Taken[], Taken[]] = [[], []];
  for (let round = 0; round < Math.ceil(ROUNDS * slowness); round += 1) {
    plain.push(await carryOut(await provisionerFor(load), load));
    watched.push(await withInspector(load));
  }
  const base = medianOf(plain);
  return [rowOf('without', base, base), rowOf('with it, and somebody looks', medianOf(watched), base)];
}

/** What it costs runs that somebody looks at them. */
export const inspected: Benchmark = {
  name: 'inspected',
  title: `${CREATES} creates at once, each call taking ${CALL_MS} ms, without and with the inspector`,
  run,
};
