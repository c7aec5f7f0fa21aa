/** Leaves a container to a process that goes on when the command has ended. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Beginning, type Order, STOP } from './order.ts';

const KEEPER = fileURLToPath(new URL('./keeper.js', import.meta.url));

function answerOf(keeper: ChildProcess): Promise<Beginning> {
  return new Promise((resolve) => {
    const failed = (reason: string): void => {
      const hint = 'slipway recover finishes what it has left.';
      const message = `the process that was to look after the container ${reason}`;
      resolve({ type: 'failed', code: 'keeper-failed', message, hint, status: 125 });
    };
    keeper.once('message', (beginning) => resolve(beginning as Beginning));
    keeper.once('error', ({ message }) => failed(`could not be started: ${message}`));
    keeper.once('exit', (code, signal) => failed(`has ended (${signal ?? code}) before it had started it`));
  });
}

/** Resolves when the container runs in the hands of its keeper, or does not. An interrupt stops the container. */
export async function handOver(order: Order): Promise<Beginning> {
  const keeper = fork(KEEPER, [], { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const stop = (): void => void keeper.send(STOP);
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    keeper.send(order);
    return await answerOf(keeper);
  } finally {
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
    if (keeper.connected) keeper.disconnect();
    keeper.unref();
  }
}
