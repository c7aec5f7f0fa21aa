/** The orchestrator as a process: what it is told by its command line and by signals. */
import { parseArgs } from 'node:util';
import { hostNamed } from './hosts.ts';
import { startService } from './http/server.ts';
import { type Orchestrator, openOrchestrator } from './orchestrator.ts';

const USAGE = `usage: orchestrator --host windows|simulated:FOLDER --folder FOLDER [--port N] [--drain-ms N]

  --host      where pods run
  --folder    where pods and the journal of their runs are kept
  --port      of the HTTP service on this machine; default: 8017, 0 for any that is free
  --drain-ms  how long pods have to stop after SIGTERM or SIGINT; default: 30000. A second signal ends the process at
              once: what runs goes on, and is taken up by the next one.
`;

const BAD_INPUT = 2;
const INTERRUPTED = 130;

interface Asked {
  readonly host: string;
  readonly folder: string;
  readonly port: number;
  readonly drainMs: number;
}

function askedFor(args: readonly string[]): Asked | undefined {
  const text = { type: 'string' } as const;
  const options = {
    host: text,
    folder: text,
    port: { ...text, default: '8017' },
    'drain-ms': { ...text, default: '30000' },
  };
  try {
    const { host, folder, port, 'drain-ms': drainMs } = parseArgs({ args: [...args], options }).values;
    const numbers = { port: Number(port), drainMs: Number(drainMs) };
    const areNumbers = Number.isInteger(numbers.port) && numbers.port >= 0 && numbers.drainMs > 0;
    return host === undefined || folder === undefined || !areNumbers ? undefined : { host, folder, ...numbers };
  } catch {
    return undefined;
  }
}

/** Resolves with the first signal; the second one ends the process. */
function toldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    const told = (): void => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) {
        process.off(signal, told);
        process.once(signal, () => process.exit(INTERRUPTED));
      }
      resolve();
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, told);
  });
}

/** @returns the exit code */
async function ended(orchestrator: Orchestrator, drainMs: number): Promise<number> {
  process.stdout.write(`draining: what runs has ${drainMs} ms to stop\n`);
  const { stopped, left } = await orchestrator.drain(drainMs);
  process.stdout.write(`${stopped.length} pods stopped, ${left.length} left\n`);
  for (const { id, phase, why } of left)
    process.stdout.write(`  ${id} is ${phase}: ${why?.message ?? 'not in time'}\n`);
  return left.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const asked = askedFor(process.argv.slice(2));
  const host = asked && hostNamed(asked.host);
  if (asked === undefined || host === undefined) {
    process.stderr.write(USAGE);
    return BAD_INPUT;
  }
  const toEnd = toldToEnd();
  const orchestrator = await openOrchestrator({ host, folder: asked.folder });
  const service = await startService(orchestrator, { port: asked.port });
  process.stdout.write(`pods are kept: ${service.url}\n`);
  await toEnd;
  const code = await ended(orchestrator, asked.drainMs);
  orchestrator.close();
  await service.close();
  return code;
}

// A call that the host does not answer would keep the process; what it was about is in the journal.
process.exit(await main());
