import pc from 'picocolors';
import { commandsToLookAt } from '../../domain/lookAt.ts';
import { describeResource } from '../../domain/resource.ts';
import type { Residue } from '../../engine/leftovers.ts';
import { createProvisioner } from '../../engine/provisioner.ts';
import { ageOf } from '../age.ts';
import { openHost } from '../hosts.ts';
import { EXIT, type Streams } from '../outcome.ts';
import { giveBack, type LeftoverOptions } from './giveBack.ts';
import { faultLines } from './text.ts';

const NOTHING = 'there is no residue on this host\n';
const WAYS_OUT = 'slipway residue retry [ID] tries again, slipway residue waive ID takes it off the list\n';

function residueJson({ entry, run }: Residue): object {
  const { id, resource, step, attempts, fault } = entry;
  return {
    id,
    what: describeResource(resource),
    resource,
    container: run.containerId,
    kind: run.kind,
    provisionId: run.provisionId,
    step,
    attempts,
    since: run.statusSince,
    fault: fault ?? null,
    lookAt: commandsToLookAt([resource]),
  };
}

function residueText({ entry, run }: Residue): string {
  const { id, resource, step, attempts, fault } = entry;
  const tries = attempts === 1 ? 'tried once' : `tried ${attempts} times`;
  const about = `of ${run.containerId}, acquired in ${step}; ${tries}, left since ${ageOf(run.statusSince)}`;
  const why = fault === undefined ? '' : faultLines(fault, '  ');
  const look = `  look at it: ${commandsToLookAt([resource]).join('; ')}\n`;
  return `${pc.bold(id)}  ${describeResource(resource)}\n  ${pc.dim(about)}\n${why}${look}`;
}

/** `slipway residue list`: what could not be released, and why. */
export async function listResidue(options: LeftoverOptions, { out }: Streams): Promise<number> {
  const residue = await (await createProvisioner(openHost(options))).residue();
  if (options.json === true) out(`${JSON.stringify(residue.map(residueJson))}\n`);
  else if (residue.length === 0) out(NOTHING);
  else out(`${residue.map(residueText).join('')}\n${WAYS_OUT}`);
  return EXIT.done;
}

/** `slipway residue retry [ID]`: tries again to release it. @throws {ResidueUnknown} */
export function retryResidue(id: string | undefined, options: LeftoverOptions, streams: Streams): Promise<number> {
  return giveBack(options, (provisioner) => provisioner.retryResidue(id), NOTHING, streams);
}

/** `slipway residue waive ID`: takes one residue off the list. @throws {ResidueUnknown} {@link RunInProgress} */
export async function waiveResidue(id: string, options: LeftoverOptions, { out }: Streams): Promise<number> {
  const provisioner = await createProvisioner(openHost(options));
  const waived = await provisioner.waiveResidue(id);
  if (options.json === true) {
    out(`${JSON.stringify({ ok: true, ...residueJson(waived) })}\n`);
    return EXIT.done;
  }
  const { entry, run } = waived;
  const what = `${describeResource(entry.resource)} of ${run.containerId}`;
  const look = commandsToLookAt([entry.resource]).join('; ');
  out(
    `${pc.yellow('waived')} ${what}\n  it is yours from now on: slipway does not touch it again\n  look at it: ${look}\n`,
  );
  return EXIT.done;
}
