import pc from 'picocolors';
import type { Fault } from '../../domain/fault.ts';
import type { HeldRun } from '../../engine/leftovers.ts';
import { createProvisioner } from '../../engine/provisioner.ts';
import { openHost } from '../hosts.ts';
import { EXIT, type Streams } from '../outcome.ts';
import { resourceLines } from '../outcomeText.ts';
import { giveBack, type LeftoverOptions } from './giveBack.ts';
import { heldFields, keptLines } from './kept.ts';
import { faultLines } from './text.ts';

const NOTHING = 'nothing is held on this host\n';

function heldJson(held: HeldRun): object {
  const { run, resources } = held;
  const { containerId: id, provisionId, kind, fault = null, statusSince: since } = run;
  return { id, provisionId, kind, since, fault, resources, ...heldFields(held) };
}

const whyLines = (fault: Fault | undefined): string =>
  fault === undefined ? '' : `  failed in ${fault.step}  ${pc.dim(fault.code)}\n${faultLines(fault, '    ')}`;

const heldText = (held: HeldRun): string =>
  `${pc.bold(held.run.containerId)}\n${whyLines(held.run.fault)}${resourceLines(held.resources)}${keptLines(held)}`;

/** `slipway held list`: what failed creates were told to keep. */
export async function listHeld(options: LeftoverOptions, { out }: Streams): Promise<number> {
  const held = await (await createProvisioner(openHost(options))).held();
  if (options.json === true) out(`${JSON.stringify(held.map(heldJson))}\n`);
  else out(held.length === 0 ? NOTHING : held.map(heldText).join('\n'));
  return EXIT.done;
}

/** `slipway held release [ID...]`: gives it back. @throws {HeldUnknown} before anything is released */
export function releaseHeld(ids: readonly string[], options: LeftoverOptions, streams: Streams): Promise<number> {
  return giveBack(options, (provisioner) => provisioner.releaseHeld(...ids), NOTHING, streams);
}
