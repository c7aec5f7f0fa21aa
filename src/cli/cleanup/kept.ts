/** How long what a failed create was told to keep is kept, how to look at it, and how to give it back. */
import pc from 'picocolors';
import type { HeldRun } from '../../engine/leftovers.ts';
import { ageOf } from '../age.ts';

const releaseCommand = ({ run }: HeldRun): string => `slipway held release ${run.containerId}`;

function untilText(until: string | undefined): string {
  if (until === undefined) return 'until it is given back';
  const now = Date.now();
  const end = Date.parse(until);
  if (end <= now) return `until ${until}: that is over, and the next slipway recover releases it`;
  return `until ${until} (${ageOf(new Date(now).toISOString(), end)} from now), when slipway recover releases it`;
}

export function keptLines(held: HeldRun): string {
  const look = held.lookAt.map((command) => `    ${command}\n`).join('');
  return `  kept ${untilText(held.until)}\n  look at it on the host (PowerShell):\n${look}  give it back: ${pc.cyan(releaseCommand(held))}\n`;
}

/** The same for programs. */
export function heldFields(held: HeldRun): object {
  return { until: held.until ?? null, lookAt: held.lookAt, release: releaseCommand(held) };
}
