import pc from 'picocolors';
import { EXIT, type Streams } from '../outcome.ts';
import { refusedText } from '../outcomeText.ts';
import { handOver } from './handOver.ts';
import { find, type LifeArguments, specOf, visit } from './open.ts';

/** `slipway start ID`: starts what was created, and leaves it to a process that keeps its output and its exit code. */
export async function start(id: string, options: LifeArguments, { out, err }: Streams): Promise<number> {
  const found = await find(id, options);
  const container = await visit(found, options);
  const { status, pid } = container.life;
  const json = options.json === true;
  if (status !== 'created') {
    await container.start();
    out(json ? `${JSON.stringify({ ok: true, id: container.id, pid })}\n` : `${pc.bold(id)} runs already\n`);
    return EXIT.done;
  }
  const { host, facts, latency } = options;
  const run = container.provisionId;
  const beginning = await handOver({ host, facts, latency, run, ...specOf(found.run, options), givesBack: false });
  if (beginning.type === 'started') {
    const fields = { ok: true, id: container.id, pid: beginning.pid };
    out(json ? `${JSON.stringify(fields)}\n` : `${pc.bold(container.id)} runs, its first process is ${fields.pid}\n`);
    return EXIT.done;
  }
  const { status: _, type: __, ...fault } = beginning;
  if (json) out(`${JSON.stringify({ ok: false, fault })}\n`);
  else err(refusedText(fault));
  return EXIT.failed;
}
