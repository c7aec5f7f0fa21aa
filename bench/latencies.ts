import { type Container, createProvisioner } from '../src/index.ts';
import { CALLS, type CallName, simulatedHost } from '../src/testing/index.ts';
import { plainWebRequest } from './create.ts';
import { type Benchmark, type Budget, type Measured, measure, type Row } from './measure.ts';
import { documentOfWeb } from './parts.ts';
import { plainCreate, type Undo } from './plainCalls.ts';
import { finishedCreate, WEB_HOST, webRequest } from './web.ts';

const LAYER_MS = 120;
const MODIFY_MS = 15;
const NETWORK_MS = 40;
const CREATE_MS = 300;

const SLOW_LAYER_CALLS: readonly string[] = ['layers.createScratch', 'layers.activate', 'layers.prepare'];

/** Milliseconds of a call on a host like a real one. Reads answer at once, so that timers do not blur the sum. */
function latencyOf(call: string, kind: 'reads' | 'changes'): number {
  if (kind === 'reads') return 0;
  if (call === 'compute.create') return CREATE_MS;
  if (SLOW_LAYER_CALLS.includes(call)) return LAYER_MS;
  return call.startsWith('network.') ? NETWORK_MS : MODIFY_MS;
}

type Latencies = Partial<Readonly<Record<CallName, number>>>;

async function slipway(latencies: Latencies): Promise<Measured> {
  const provisioner = await createProvisioner({ host: simulatedHost({ ...WEB_HOST, latencies }) });
  let n = 0;
  let container: Container | undefined;
  return {
    name: 'create',
    run: async () => {
      n += 1;
      ({ container } = await provisioner.create(webRequest(n)).result);
    },
    after: async () => void (await container?.release()),
  };
}

function handMade(latencies: Latencies): Measured {
  const host = simulatedHost({ ...WEB_HOST, latencies });
  const document = documentOfWeb()();
  let n = 0;
  let undo: Undo = async () => {};
  return {
    name: 'try/finally, no statechart',
    run: async () => {
      n += 1;
      undo = await plainCreate(host, plainWebRequest(n, document));
    },
    after: () => undo(),
  };
}

async function run(budget: Budget): Promise<readonly Row[]> {
  const latencies: Latencies = Object.fromEntries(
    Object.entries(CALLS).map(([call, kind]) => [call, latencyOf(call, kind) * budget.slowness]),
  );
  const { calls } = await finishedCreate();
  const sum = [...calls].reduce((total, [call, count]) => total + count * (latencies[call as CallName] ?? 0), 0);
  const few = { ...budget, timeMs: 0 };
  const rows = await measure([await slipway(latencies), handMade(latencies)], few, 'ms');
  return [...rows, { name: 'the latencies of its calls', figures: { 'median ms': sum } }];
}

/** What the statechart costs where the host takes its time. */
export const withLatencies: Benchmark = {
  name: 'latencies',
  title: `One create, on a host that takes its time (layers ${LAYER_MS} ms, network ${NETWORK_MS} ms, system ${CREATE_MS} ms)`,
  run,
};
