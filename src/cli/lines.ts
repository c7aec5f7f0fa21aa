import pc from 'picocolors';
import type { ProvisionEvent } from '../domain/events.ts';
import type { Fault } from '../domain/fault.ts';
import type { Finding } from '../domain/finding.ts';
import { describeResource, type LedgerEntry } from '../domain/resource.ts';
import type { StepName } from '../domain/step.ts';
import type { ProvisionFault } from '../engine/faults.ts';
import type { CreateReport, Streams } from './outcome.ts';

const SIMULATED = 'simulated host: nothing happens on this machine';
const STEP_WIDTH = 22;

const line = (mark: string, step: string, rest: string): string =>
  `${mark} ${step.padEnd(STEP_WIDTH)} ${rest}`.trimEnd();

/** A finding as people read it. */
export function findingLines({ pointer, code, message, hint }: Finding): string {
  return `  ${pc.bold(pointer)}  ${pc.dim(code)}\n    ${message}\n    ${pc.cyan('→')} ${hint}\n`;
}

function faultLines({ code, step, message, hint, host }: Fault): string {
  const words = host === undefined ? '' : `\n  the host said: ${host.name} (${host.hresult}), ${host.meaning}`;
  return `${pc.red('failed')} in ${pc.bold(step)}  ${pc.dim(code)}\n  ${message}${words}\n  ${pc.cyan('→')} ${hint}\n`;
}

function resourceLines(entries: readonly LedgerEntry[]): string {
  return entries.map((entry) => `  ${entry.state.padEnd(11)} ${describeResource(entry.resource)}\n`).join('');
}

/** The line of an event; undefined for what a person need not see. */
function eventLine(event: ProvisionEvent, startedAt: (step: StepName) => number): string | undefined {
  switch (event.type) {
    case 'step.finished':
      return line(pc.green('✓'), event.step, pc.dim(`${Math.round(event.atMs - startedAt(event.step))} ms`));
    case 'step.skipped':
      return line(pc.dim('–'), event.step, pc.dim(`skipped: ${event.reason}`));
    case 'step.failed':
      return line(pc.red('✗'), event.step, event.fault.message);
    case 'step.retrying':
      return line(pc.yellow('↻'), event.step, `try ${event.attempt} in ${event.delayMs} ms: ${event.fault.message}`);
    case 'step.outcomeUnknown':
      return line(pc.yellow('?'), event.step, event.fault.message);
    case 'request.warned':
      return line(pc.yellow('!'), event.finding.code, `${event.finding.message} (${event.finding.pointer})`);
    case 'provision.cancelRequested':
      return line(pc.yellow('■'), 'cancelling', event.reason);
    case 'resource.changed':
      return event.entry.state === 'released'
        ? line(pc.yellow('↶'), 'released', describeResource(event.entry.resource))
        : undefined;
    default:
      return undefined;
  }
}

function showAlive(alive: readonly string[]): string {
  return alive.length === 0 ? '  nothing\n' : alive.map((text) => `  ${text}\n`).join('');
}

function failureText(fault: ProvisionFault, left: readonly LedgerEntry[], alive: readonly string[]): string {
  if (fault.findings.length > 0) {
    const count = `${fault.findings.length} finding${fault.findings.length === 1 ? '' : 's'}`;
    return `${pc.red(count)} in the request; nothing was touched on the host.\n\n${fault.findings.map(findingLines).join('\n')}`;
  }
  const rest = left.length === 0 ? '  everything that was acquired is released\n' : resourceLines(left);
  return `\n${faultLines(fault.fault)}left by this create:\n${rest}new on the simulated host:\n${showAlive(alive)}`;
}

/** Progress and outcome as lines for people: progress and results on stdout, what went wrong on stderr. */
export function lineReport({ out, err }: Streams): CreateReport {
  const starts = new Map<StepName, number>();
  return {
    started: (id) => out(`${pc.bold(`creating ${id}`)}  ${pc.yellow(`[${SIMULATED}]`)}\n`),
    event: (event) => {
      if (event.type === 'step.started') starts.set(event.step, event.atMs);
      const text = eventLine(event, (step) => starts.get(step) ?? event.atMs);
      if (text !== undefined) out(`${text}\n`);
    },
    created: ({ container, resources }, alive) => {
      out(`\n${pc.green('created')} ${pc.bold(container.id)}  ${pc.yellow(`[${SIMULATED}]`)}\n`);
      out(`its resources:\n${resourceLines(resources)}new on the simulated host:\n${showAlive(alive)}`);
    },
    failed: (fault, left, alive) => err(`${failureText(fault, left, alive)}${pc.yellow(`[${SIMULATED}]`)}\n`),
    refused: ({ code, message, hint }) =>
      err(`${pc.red('cannot begin')}  ${pc.dim(code)}\n  ${message}\n  ${pc.cyan('→')} ${hint}\n`),
    interrupted: () => err(`${pc.yellow('interrupted')}: what was begun is undone first\n`),
  };
}
