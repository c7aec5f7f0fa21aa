import { EXIT } from '../outcome.ts';

/** Work that goes on until it is at its end, or Ctrl-C aborts it: resolves with the exit code. */
export async function untilInterrupted(work: (signal: AbortSignal) => Promise<unknown>): Promise<number> {
  const abort = new AbortController();
  const interrupt = (): void => abort.abort();
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    await work(abort.signal);
    return abort.signal.aborted ? EXIT.interrupted : EXIT.done;
  } finally {
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
  }
}

/** Resolves after this time, or when it is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    if (signal?.aborted === true) done();
    else signal?.addEventListener('abort', done);
  });
}
