import pc from 'picocolors';
import { placeInWords } from '../domain/admission.ts';
import type { ProvisionEvent } from '../domain/events.ts';
import { describeResource } from '../domain/resource.ts';
import type { StepName } from '../domain/step.ts';
import type { HostName } from './hostName.ts';
import type { CreateReport, Streams } from './outcome.ts';
import { createdText, failedText, refusedText, type SuccessText, startedText } from './outcomeText.ts';

const STEP_WIDTH = 22;

const line = (mark: string, step: string, rest: string): string =>
  `${mark} ${step.padEnd(STEP_WIDTH)} ${rest}`.trimEnd();

/** The line of an event; undefined for what a person need not see. */
function eventLine(event: ProvisionEvent, startedAt: (step: StepName) => number): string | undefined {
  switch (event.type) {
    case 'step.finished':
      return line(pc.green('✓'), event.step, pc.dim(`${Math.round(event.atMs - startedAt(event.step))} ms`));
    case 'step.skipped':
      return line(pc.dim('–'), event.step, pc.dim(`skipped: ${event.reason}`));
    case 'step.failed':
      return line(pc.red('✗'), event.step, event.fault.message);
    case 'step.queued':
      return line(pc.cyan('…'), event.step, pc.dim(`waits for its turn: ${placeInWords(event)}`));
    case 'step.retrying':
      return line(pc.yellow('↻'), event.step, `try ${event.attempt} in ${event.delayMs} ms: ${event.fault.message}`);
    case 'step.outcomeUnknown':
      return line(pc.yellow('?'), event.step, event.fault.message);
    case 'request.warned':
      return line(pc.yellow('!'), event.finding.code, `${event.finding.message} (${event.finding.pointer})`);
    case 'provision.cancelRequested':
      return line(pc.yellow('■'), 'cancelling', event.reason);
    case 'service.disconnected':
      return line(pc.yellow('!'), 'reconciling', 'the compute service went away');
    case 'service.unreachable':
      return line(pc.red('✗'), 'reconciling', `the compute service did not come back (asked ${event.attempts} times)`);
    case 'resource.changed':
      return event.entry.state === 'released'
        ? line(pc.yellow('↶'), 'released', describeResource(event.entry.resource))
        : undefined;
    default:
      return undefined;
  }
}

/** Progress and outcome as lines for people: progress and results on stdout, what went wrong on stderr. */
export function lineReport(
  { out, err }: Streams,
  host: HostName = 'simulated',
  success: SuccessText = createdText,
): CreateReport {
  const starts = new Map<StepName, number>();
  return {
    started: (containerId) => out(startedText(containerId, host)),
    event: (event) => {
      if (event.type === 'step.started') starts.set(event.step, event.atMs);
      const text = eventLine(event, (step) => starts.get(step) ?? event.atMs);
      if (text !== undefined) out(`${text}\n`);
    },
    created: (...created) => out(success(...created)),
    failed: (...failure) => err(failedText(...failure)),
    refused: (problem) => err(refusedText(problem)),
    interrupted: () => err(`${pc.yellow('interrupted')}: what was begun is undone first\n`),
  };
}
