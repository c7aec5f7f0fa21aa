/** Ends in the way that is asked for, with a system watched and operations on their way. */
import { env } from 'node:process';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { vmId } from '../../src/domain/ids.ts';
import { chosenFfi } from '../../src/hcs/native/ffi/choose.ts';
import { connectStandIn } from '../standin/control.ts';
import { PLAIN_VM } from '../standin/vmDocument.ts';
import { intend } from '../support/intents.ts';
import { startContainer } from '../support/runningSystems.ts';
import { hostOverStandIns } from './overStandIns.ts';

/** The codes with which it ends. */
const EXIT_CODE = { naturally: 0, exits: 7, throws: 1, inWorker: 0, endingWorker: 0 } as const;
type Ending = keyof typeof EXIT_CODE;

async function begin(id: string): Promise<() => Promise<unknown>> {
  const control = await connectStandIn(Number(env.SLIPWAY_STANDIN_PORT));
  const host = hostOverStandIns(chosenFfi(), control.files);
  host.onServiceDisconnect?.(() => {});
  const handle = await host.compute.create(intend({ kind: 'utilityVm', id: vmId(id) }), PLAIN_VM);
  const container = await startContainer(host, `c-${id}`, { ShouldTerminateOnLastHandleClosed: true });
  const process = await host.processes.create(container, { CommandLine: 'init' });
  host.compute.onExit(container, () => {});
  host.processes.onExit(process.handle, () => {});
  return async () => {
    const started = host.compute.start(handle);
    await Promise.all([control.stop(), started]);
  };
}

async function main(ending: Ending): Promise<void> {
  if (ending === 'inWorker' || ending === 'endingWorker') {
    const load = `import('tsx/esm/api').then(({ register }) => (register(), import('${import.meta.url}')))`;
    const worker = new Worker(load, { eval: true, workerData: ending });
    worker.on('message', () => void worker.terminate());
    return;
  }
  const start = await begin(ending);
  const started = start();
  if (ending === 'naturally') await started;
  if (ending === 'exits') process.exit(EXIT_CODE.exits);
  if (ending === 'throws') throw new Error('on purpose');
}

async function inWorker(): Promise<void> {
  const { parentPort } = await import('node:worker_threads');
  const start = await begin(String(workerData));
  const started = start();
  if (workerData === 'endingWorker') parentPort?.postMessage('end me');
  await started;
}

if (!isMainThread) await inWorker();
else if (process.argv[2] !== undefined) await main(process.argv[2] as Ending);
