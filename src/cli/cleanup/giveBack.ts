/** Releases that were asked for, of any number of runs. */
import pc from 'picocolors';
import type { Provisioner } from '../../engine/contract.ts';
import { RunEnded } from '../../engine/faults.ts';
import { createProvisioner } from '../../engine/provisioner.ts';
import type { GivenBack } from '../../engine/recovering.ts';
import { type HostOptions, openHost } from '../hosts.ts';
import { EXIT, type Streams } from '../outcome.ts';
import { faultFor } from '../problems.ts';
import { outliveInterrupts } from '../release.ts';
import { notTriedLines, releasedText, residueLines } from './text.ts';

export interface LeftoverOptions extends HostOptions {
  readonly json?: boolean | undefined;
}

/** Also when another process was first. */
const isGone = ({ outcome, error }: GivenBack): boolean => outcome === 'done' || error instanceof RunEnded;

function givenBackText(one: GivenBack): string {
  const { run, error, ...report } = one;
  const id = pc.bold(run.containerId);
  if (isGone(one)) return `${pc.green('✓')} ${id} nothing of it is left${releasedText(report)}\n`;
  if (error !== undefined) return notTriedLines(run.containerId, error);
  return `${pc.red('✗')} ${id} is not gone yet${releasedText(report)}\n${residueLines(report.residue)}`;
}

function givenBackJson(one: GivenBack): object {
  const { run, outcome, error, released, residue } = one;
  const { containerId: id, provisionId } = run;
  const fault = error === undefined ? {} : { fault: faultFor(error) };
  return { ok: isGone(one), id, provisionId, outcome, released, residue, ...fault };
}

function show(one: GivenBack, json: boolean, { out, err }: Streams): void {
  if (json) out(`${JSON.stringify(givenBackJson(one))}\n`);
  else (isGone(one) ? out : err)(givenBackText(one));
}

/**
 * Releases and tells of it. Exit code 1: something is left, or could not be tried.
 * @param nothing what is said when there was nothing to release
 */
export async function giveBack(
  options: LeftoverOptions,
  release: (provisioner: Provisioner) => Promise<readonly GivenBack[]>,
  nothing: string,
  streams: Streams,
): Promise<number> {
  const json = options.json === true;
  const provisioner = await createProvisioner(openHost(options));
  const restore = outliveInterrupts(streams);
  try {
    const tried = await release(provisioner);
    for (const one of tried) show(one, json, streams);
    if (tried.length === 0 && !json) streams.out(nothing);
    return tried.every(isGone) ? EXIT.done : EXIT.failed;
  } finally {
    restore();
  }
}
