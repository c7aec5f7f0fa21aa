/** What ends a container that runs in the foreground. */
import pc from 'picocolors';
import type { Container } from '../../engine/provision.ts';
import type { Streams } from '../outcome.ts';
import { faultFor } from '../problems.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type StopSignal = (typeof SIGNALS)[number];

export interface Stopper {
  /** As a signal to this process would. */
  readonly stop: (signal: StopSignal) => void;
  /** Signals to this process do again what they do by default. */
  readonly end: () => void;
}

/** What a container is sent for a signal to this process; when the terminal goes, it is asked to end. */
const SENT: { readonly [S in StopSignal]: string } = { SIGINT: 'SIGINT', SIGTERM: 'SIGTERM', SIGHUP: 'SIGTERM' };

/** The first signal to this process goes to the container, which is ended by force after a while; the second ends it at once. */
export function stopOnSignals(container: Container, timeoutMs: number, { err }: Pick<Streams, 'err'>): Stopper {
  let asked = 0;
  const stop = (signal: StopSignal): void => {
    asked += 1;
    const isForced = asked > 1;
    err(
      isForced
        ? `${pc.yellow('ending')} ${container.id} by force\n`
        : `${pc.yellow('stopping')} ${container.id}: again ends it by force\n`,
    );
    const done = container.shutdown(isForced ? { timeoutMs: 0 } : { signal: SENT[signal], timeoutMs });
    done.catch((error: unknown) => err(`${pc.red('could not be stopped')}: ${faultFor(error).message}\n`));
  };
  const listeners = SIGNALS.map((signal) => [signal, () => stop(signal)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  const end = (): void => {
    for (const [signal, listener] of listeners) process.removeListener(signal, listener);
  };
  return { stop, end };
}
