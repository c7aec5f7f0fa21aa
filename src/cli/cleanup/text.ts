/** What people read of what is left on a host. */
import pc from 'picocolors';
import type { Fault } from '../../domain/fault.ts';
import { describeResource, type LedgerEntry } from '../../domain/resource.ts';
import type { ReleaseReport } from '../../engine/faults.ts';
import { counted } from '../outcomeText.ts';
import { faultFor } from '../problems.ts';

/** What went wrong, and what to do about it. */
export function faultLines({ message, hint }: Pick<Fault, 'message' | 'hint'>, indent: string): string {
  return `${indent}${message}\n${indent}${pc.cyan('→')} ${hint}\n`;
}

/** The ways out of a residue. */
const waysOut = (id: string): string => `slipway residue retry ${id}, or slipway residue waive ${id}`;

/** Residue as it is told after a release. */
export function residueLines(residue: readonly LedgerEntry[]): string {
  return residue
    .map(({ id, resource, fault }) => {
      const why = fault === undefined ? '' : faultLines(fault, '    ');
      return `  ${pc.red('residue')} ${describeResource(resource)}\n${why}    ${pc.cyan('→')} ${waysOut(id)}\n`;
    })
    .join('');
}

/** ` (7 resources released)`; nothing where none was. */
export function releasedText({ released }: Pick<ReleaseReport, 'released'>): string {
  return released.length === 0 ? '' : pc.dim(` (${counted(released.length, 'resource')} released)`);
}

/** A run whose release could not be tried. */
export const notTriedLines = (id: string, error: unknown): string =>
  `${pc.red('✗')} ${pc.bold(id)} could not be tried\n${faultLines(faultFor(error), '    ')}`;
