/**
 * A process of its own that looks after one container whose command has ended: it starts the container, keeps its
 * output, hears how it ends, and gives it back where that was asked for. When it is killed, the container lives on.
 */
import type { Provisioner } from '../../engine/contract.ts';
import { keepingAlive } from '../../engine/life/alive.ts';
import type { Container } from '../../engine/provision.ts';
import { createProvisioner } from '../../engine/provisioner.ts';
import { hasEnded, processIdentity } from '../../hcs/processIdentity.ts';
import { type ChosenHost, openHost } from '../hosts.ts';
import { faultFor } from '../problems.ts';
import { statusOfFailure } from './exitStatus.ts';
import { logInto } from './logFile.ts';
import { type Beginning, type Order, STOP } from './order.ts';
import { pumpAll, type Sink } from './output.ts';
import { pause } from './untilInterrupted.ts';

const LOOK_AGAIN_MS = 10;

const successorOf = ({ from }: Order) => ({
  own: processIdentity(),
  hasEnded: (identity: string) => identity === from || hasEnded(identity),
});

const tell = (beginning: Beginning): Promise<void> =>
  new Promise((resolve) => {
    // Whoever gave the order may be gone by now.
    if (process.send === undefined || !process.connected) resolve();
    else process.send(beginning, () => resolve());
  });

/** Others find the container by what is written down of it. */
async function untilWrittenDown(provisioner: Provisioner, { run }: Order): Promise<void> {
  for (;;) {
    const { runs } = await provisioner.runs();
    if (runs.find(({ provisionId }) => provisionId === run)?.life !== undefined) return;
    await pause(LOOK_AGAIN_MS);
  }
}

/** A disk that is full takes no output; the container goes on all the same. */
const asWellAsPossible =
  (sink: Sink): Sink =>
  (name, bytes) =>
    sink(name, bytes).catch(() => {});

async function sinkOf({ folder }: ChosenHost, { run }: Order): Promise<Sink & { readonly close: () => Promise<void> }> {
  if (folder !== undefined) return logInto(folder, run);
  return Object.assign(async () => {}, { close: async () => {} });
}

/** Starts it, and resolves when it has stopped and its output is kept. */
async function lookAfter(container: Container, provisioner: Provisioner, sink: Sink, order: Order): Promise<void> {
  const init = await container.start();
  const output = pumpAll(init, asWellAsPossible(sink));
  await untilWrittenDown(provisioner, order);
  await tell({ type: 'started', pid: init.pid });
  await container.wait();
  await output;
}

async function giveBack(container: Container, provisioner: Provisioner, { givesBack, vm }: Order): Promise<void> {
  if (!givesBack) return;
  await container.delete({ force: true });
  if (vm !== undefined) await (await (await provisioner.takeUpVm(vm)).result).vm.stop();
}

function stopWhenAsked(container: Container): void {
  const stop = (): void => void container.shutdown().catch(() => {});
  process.on('message', (message) => {
    if (message === STOP) stop();
  });
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function keep(order: Order): Promise<void> {
  const chosen = openHost(order);
  const provisioner = await createProvisioner({ ...chosen, processes: successorOf(order) });
  const { spec, run } = order;
  const { container } = await (await provisioner.takeUp(run, spec === undefined ? {} : { spec })).result;
  stopWhenAsked(container);
  const sink = await sinkOf(chosen, order);
  try {
    await lookAfter(container, provisioner, sink, order);
  } finally {
    await sink.close();
    await giveBack(container, provisioner, order);
  }
}

async function begin(order: Order): Promise<void> {
  try {
    await keepingAlive(() => keep(order));
  } catch (error) {
    await tell({ type: 'failed', ...faultFor(error), status: statusOfFailure(error) });
    process.exitCode = 1;
  } finally {
    if (process.connected) process.disconnect();
  }
}

process.once('message', (order) => void begin(order as Order));
