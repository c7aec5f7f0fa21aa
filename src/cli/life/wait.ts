import type { ContainerExit } from '../../domain/containerLife.ts';
import { hasEnded } from '../../hcs/processIdentity.ts';
import type { ContainerRunSummary, ToldLife } from '../../journal/runSummary.ts';
import { Refusal } from '../input.ts';
import type { Streams } from '../outcome.ts';
import { exitInWords, statusOfExit } from './exitStatus.ts';
import { type Found, find, type LifeArguments, runNamed, visit } from './open.ts';
import { pause } from './untilInterrupted.ts';

function exitOf({ how = 'unexpected', exitCode, at }: ToldLife): ContainerExit {
  return { how, at, ...(exitCode === undefined ? {} : { exitCode }) };
}

const toldExit = ({ life }: ContainerRunSummary): ContainerExit | undefined =>
  life?.status === 'stopped' ? exitOf(life) : undefined;

/** How long whoever looks after a container may take to write down how it has ended. */
const LOOK_AGAIN_MS = 50;
const LOOKS = 100;

/** What is told of it by whoever looks after it is more than a guest can see. */
async function untilStopped(found: Found, options: LifeArguments): Promise<ContainerExit> {
  const told = toldExit(found.run);
  if (told !== undefined) return told;
  const seen = await (await visit(found, options)).wait();
  if (seen.exitCode !== undefined) return seen;
  for (let left = LOOKS; left > 0; left -= 1) {
    const run = await runNamed(found.chosen, found.run.provisionId);
    const exit = toldExit(run);
    if (exit !== undefined) return exit;
    if (hasEnded(run.process)) break;
    await pause(LOOK_AGAIN_MS);
  }
  return seen;
}

/** `slipway wait ID`: resolves with the exit code of the container when it has stopped. @throws {Refusal} */
export async function wait(id: string, options: LifeArguments, { out }: Streams): Promise<number> {
  const found = await find(id, options);
  const { life, status, containerId } = found.run;
  if (life === undefined && status !== 'provisioned') {
    throw new Refusal(
      'never-started',
      `${containerId} never ran: it is ${status}`,
      'slipway run creates and starts one.',
    );
  }
  const exit = await untilStopped(found, options);
  const code = statusOfExit(exit);
  out(
    options.json === true
      ? `${JSON.stringify({ ok: true, id: containerId, exit, status: code })}\n`
      : `${containerId} ${exitInWords(exit)}\n`,
  );
  return code;
}
