import pc from 'picocolors';
import type { ContainerExit } from '../../domain/containerLife.ts';
import { describeResource } from '../../domain/resource.ts';
import type { ReleaseReport } from '../../engine/faults.ts';
import { processIdentity } from '../../hcs/processIdentity.ts';
import { type CreateArguments, carryOut, type Made } from '../create.ts';
import { hostNameOf } from '../hostName.ts';
import { BadInput } from '../input.ts';
import { EXIT, type Streams } from '../outcome.ts';
import { refusedText } from '../outcomeText.ts';
import { faultFor, tell } from '../problems.ts';
import { reportFor } from '../report.ts';
import { exitInWords, OWN_FAILURE, statusOfExit, statusOfFailure } from './exitStatus.ts';
import { handOver } from './handOver.ts';
import { type ConsoleOptions, connectInput, needTerminal, terminalSize } from './input.ts';
import { jsonOutputs, ownOutputs, pumpAll } from './output.ts';
import { type Stopper, stopOnSignals } from './stopping.ts';

export interface RunArguments extends CreateArguments, ConsoleOptions {
  readonly detach?: boolean | undefined;
  /** What it was made from stays when it has stopped. */
  readonly keep?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  /** Milliseconds from the wish that it stops to its end by force. */
  readonly timeout: number;
  readonly json?: boolean | undefined;
}

/** @throws {BadInput} */
function check({ detach, interactive, tty, host }: RunArguments): void {
  if (detach === true && host === 'simulated:memory') {
    throw new BadInput(
      'detached-in-memory',
      'a host in memory ends with this command, and the container with it',
      'Use a host that is kept: --host simulated, or simulated:DIR.',
    );
  }
  if (detach === true && (interactive === true || tty === true)) {
    throw new BadInput(
      'detached-terminal',
      'nobody is there to type, or to see a terminal, when the container is detached',
      'Leave -i and -t away; slipway exec -it brings a terminal to it later.',
    );
  }
  needTerminal({ interactive, tty });
}

const line = (fields: object): string => `${JSON.stringify(fields)}\n`;

async function reportOf({ json = false, quiet = false, host }: RunArguments) {
  const { stdout, stderr } = process;
  const streams = json ? { stdout, stderr } : { stdout: stderr, stderr };
  const report = await reportFor({ json, host: hostNameOf(host), streams, success: () => '' });
  return quiet ? { ...report, started: () => {}, event: () => {}, created: () => {} } : report;
}

interface Ended {
  readonly exit: ContainerExit;
  readonly status: number;
}

/** Starts it, and passes on what it says until it has stopped. */
async function inForeground(
  { container }: Made['created'],
  args: RunArguments,
  streams: Streams,
  stopper: Stopper,
): Promise<Ended> {
  const init = await container.start({ stdio: { stdin: args.interactive === true ? 'pipe' : 'none' } });
  if (args.json === true) streams.out(line({ type: 'container.started', containerId: container.id, pid: init.pid }));
  const sink = args.json === true ? jsonOutputs(streams) : ownOutputs(process, () => stopper.stop('SIGTERM'));
  const disconnect = connectInput(init, args);
  try {
    const [exit] = await Promise.all([container.wait(), pumpAll(init, sink)]);
    return { exit, status: statusOfExit(exit) };
  } finally {
    disconnect();
  }
}

/** Gives it all back, unless it is to be kept. */
async function giveBack({ created, vm }: Made, { keep = false }: RunArguments): Promise<ReleaseReport> {
  if (keep) return { released: [], residue: [] };
  const report = await created.container.delete({ force: true });
  const ofVm = await vm?.stop();
  return { released: report.released, residue: [...report.residue, ...(ofVm?.residue ?? [])] };
}

function leftText(id: string, { residue }: ReleaseReport): string {
  const lines = residue.map(({ resource, fault }) => `  ${describeResource(resource)}\n    ${fault?.message ?? ''}\n`);
  return `${pc.red('left')} of ${pc.bold(id)}, to be tried again with slipway residue retry ${id}:\n${lines.join('')}`;
}

function showEnd(
  { created }: Made,
  ended: Ended,
  report: ReleaseReport,
  args: RunArguments,
  { out, err }: Streams,
): void {
  const { id } = created.container;
  const { exit, status } = ended;
  const isClean = report.residue.length === 0;
  if (args.json === true) {
    out(line({ type: 'container.stopped', ok: isClean, containerId: id, exit, status, residue: report.residue }));
    return;
  }
  if (!isClean) err(leftText(id, report));
  const stays = args.keep === true ? `; slipway delete ${id} gives it back` : '';
  const isTold = args.quiet !== true || exit.how !== 'graceful';
  if (isTold) err(`${pc.bold(id)} ${exitInWords(exit)}${isClean ? stays : ''}\n`);
}

function showFailure(error: unknown, args: RunArguments, { out, err }: Streams): void {
  const fault = faultFor(error);
  if (args.json === true) out(line({ type: 'container.failed', ok: false, fault }));
  else err(refusedText(fault));
}

async function attached(made: Made, args: RunArguments, streams: Streams): Promise<number> {
  const stopper = stopOnSignals(made.created.container, args.timeout, streams);
  try {
    const ended = await inForeground(made.created, args, streams, stopper);
    const report = await giveBack(made, args);
    showEnd(made, ended, report, args, streams);
    return report.residue.length === 0 || ended.status !== 0 ? ended.status : OWN_FAILURE;
  } catch (error) {
    await giveBack(made, { ...args, keep: false });
    showFailure(error, args, streams);
    return statusOfFailure(error);
  } finally {
    stopper.end();
  }
}

async function detached({ ground, created, vm }: Made, args: RunArguments, { out, err }: Streams): Promise<number> {
  const { container } = created;
  const { host, facts, latency, keep = false, json = false } = args;
  const beginning = await handOver({
    host,
    facts,
    latency,
    run: container.provisionId,
    from: processIdentity(),
    spec: ground.request.spec,
    givesBack: !keep,
    ...(vm === undefined ? {} : { vm: vm.provisionId }),
  });
  if (beginning.type === 'started') {
    out(
      json ? line({ type: 'container.started', containerId: container.id, pid: beginning.pid }) : `${container.id}\n`,
    );
    return EXIT.done;
  }
  const { status, type: _, ...fault } = beginning;
  if (json) out(line({ type: 'container.failed', ok: false, fault }));
  else err(refusedText(fault));
  return status;
}

/** What a create ends with that has not come to its end. */
const statusOfCreate = (exit: number): number => (exit === EXIT.interrupted ? exit : OWN_FAILURE);

/** `slipway run`: resolves with the exit code of what runs in the container. */
export async function run(args: RunArguments, streams: Streams): Promise<number> {
  const report = await reportOf(args);
  const lifetime = args.detach === true ? 'host' : 'process';
  try {
    check(args);
    const terminal = args.tty === true ? terminalSize() : undefined;
    const made = await carryOut({ ...args, lifetime, terminal }, report);
    if (typeof made === 'number') return statusOfCreate(made);
    return await (args.detach === true ? detached : attached)(made, args, streams);
  } catch (error) {
    if (error instanceof BadInput) report.refused(error);
    else tell(error, { json: args.json === true, ...streams });
    return OWN_FAILURE;
  }
}
