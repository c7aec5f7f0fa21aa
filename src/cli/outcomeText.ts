/** What people read at the end of a create, whatever its progress looked like. */
import pc from 'picocolors';
import type { Fault } from '../domain/fault.ts';
import type { Finding } from '../domain/finding.ts';
import { describeResource, type LedgerEntry } from '../domain/resource.ts';
import type { Provisioned } from '../engine/provision.ts';
import { keptLines } from './cleanup/kept.ts';
import type { HostName } from './hostName.ts';
import { reportLines } from './hostReport.ts';
import type { CreateReport, Seen } from './outcome.ts';

export const SIMULATED = 'simulated host: nothing happens on this machine';

const simulatedMark = (): string => pc.yellow(`[${SIMULATED}]`);
/** Beside a title: nothing on a host that is real. */
const markBeside = (isSimulated: boolean): string => (isSimulated ? `  ${simulatedMark()}` : '');
/** On a line of its own. */
const markBelow = (isSimulated: boolean): string => (isSimulated ? `${simulatedMark()}\n` : '');

/** `1 finding`, `2 findings`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** A finding as people read it. */
export function findingLines({ pointer, code, message, hint }: Finding): string {
  return `  ${pc.bold(pointer)}  ${pc.dim(code)}\n    ${message}\n    ${pc.cyan('→')} ${hint}\n`;
}

function faultLines({ code, step, message, hint, host }: Fault): string {
  const words = host === undefined ? '' : `\n  the host said: ${host.name} (${host.hresult}), ${host.meaning}`;
  const report = host === undefined ? '' : reportLines(host);
  return `${pc.red('failed')} in ${pc.bold(step)}  ${pc.dim(code)}\n  ${message}${words}\n${report}  ${pc.cyan('→')} ${hint}\n`;
}

export function resourceLines(entries: readonly LedgerEntry[]): string {
  return entries.map((entry) => `  ${entry.state.padEnd(11)} ${describeResource(entry.resource)}\n`).join('');
}

/** What was left, each with the reason why it could not be released. */
function leftLines(left: readonly LedgerEntry[]): string {
  if (left.length === 0) return '  everything that was acquired is released\n';
  return left.map((entry) => resourceLines([entry]) + whyLeft(entry)).join('');
}

function whyLeft({ state, fault }: LedgerEntry): string {
  if (state !== 'residue' || fault === undefined) return '';
  return `    ${fault.message}\n    ${pc.cyan('→')} ${fault.hint}\n`;
}

/** What is new on a simulated host; a real one does not tell. */
export function aliveLines(seen: Seen | undefined): string {
  if (seen === undefined) return '';
  const { alive } = seen;
  return `new on the simulated host:\n${alive.length === 0 ? '  nothing\n' : alive.map((text) => `  ${text}\n`).join('')}`;
}

/** The first line of a create. */
export const startedText = (containerId: string, host: HostName): string =>
  `${pc.bold(`creating ${containerId}`)}${markBeside(host === 'simulated')}\n`;

/** What is said of a create that came to its end. */
export type SuccessText = (provisioned: Provisioned, seen: Seen | undefined) => string;

/** The container, its resources, and what is new on the simulated host. */
export function createdText({ container, resources }: Provisioned, seen: Seen | undefined): string {
  const created = `\n${pc.green('created')} ${pc.bold(container.id)}${markBeside(seen !== undefined)}\n`;
  return `${created}its resources:\n${resourceLines(resources)}${aliveLines(seen)}`;
}

/** Why a create failed, what to do, and what is left of it. */
export function failedText(...[fault, left, seen, held]: Parameters<CreateReport['failed']>): string {
  if (fault.findings.length > 0) {
    const count = pc.red(counted(fault.findings.length, 'finding'));
    const findings = fault.findings.map(findingLines).join('\n');
    return `${count} in the request; nothing was touched on the host.\n\n${findings}${markBelow(seen !== undefined)}`;
  }
  const kept = held === undefined ? '' : keptLines(held);
  return `\n${faultLines(fault.fault)}left by this create:\n${leftLines(left)}${kept}${aliveLines(seen)}${markBelow(seen !== undefined)}`;
}

/** Why nothing was begun. */
export const refusedText = ({ code, message, hint }: Pick<Fault, 'code' | 'message' | 'hint'>): string =>
  `${pc.red('cannot begin')}  ${pc.dim(code)}\n  ${message}\n  ${pc.cyan('→')} ${hint}\n`;
