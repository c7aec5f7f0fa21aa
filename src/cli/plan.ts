import pc from 'picocolors';
import { redactDocument } from '../documents/redact.ts';
import type { ProvisionEvent } from '../domain/events.ts';
import type { Creating } from '../engine/creating.ts';
import { ProvisionFault } from '../engine/faults.ts';
import { createProvisioner } from '../engine/provisioner.ts';
import { virtualClock } from '../hcs/simulated/clock.ts';
import type { SimulatedHost } from '../hcs/simulated/simulatedHost.ts';
import type { Effect } from '../hcs/simulated/state.ts';
import { isContainerRun, summarize } from '../journal/runSummary.ts';
import { readBundle, requestOf } from './bundle.ts';
import type { CreateArguments } from './create.ts';
import { effectLine, withoutDocument } from './effects.ts';
import { imagineHost } from './hosts.ts';
import { EXIT, type Streams } from './outcome.ts';
import { findingLines } from './outcomeText.ts';
import { amongRuns } from './runs.ts';
import { makeOwnVm, ownVmOf, subjectOf } from './vm/hosting.ts';

export interface PlanOptions {
  readonly json?: boolean | undefined;
  readonly showSecrets?: boolean | undefined;
}

type PlanArguments = Omit<CreateArguments, 'latency'> & PlanOptions;

interface Rehearsal {
  readonly document: object;
  readonly effects: readonly Effect[];
  readonly steps: ReadonlyArray<{ readonly step: string; readonly skipped?: string }>;
  readonly warnings: readonly string[];
}

function stepsOf(events: readonly ProvisionEvent[]): Rehearsal['steps'] {
  return events.flatMap((event): Rehearsal['steps'] => {
    if (event.type === 'step.skipped') return [{ step: event.step, skipped: event.reason }];
    return event.type === 'step.finished' ? [{ step: event.step }] : [];
  });
}

/** Plays the create on a host in memory that is made for it and thrown away. @throws {ProvisionFault} */
async function rehearse(args: PlanArguments): Promise<Rehearsal> {
  const bundle = readBundle(args);
  const own = ownVmOf(args, bundle);
  const clock = virtualClock({ autoAdvance: true });
  const { host, journal, vms } = await imagineHost(args, subjectOf(args, bundle, own), clock);
  const provisioner = await createProvisioner({ host, clock, vms });
  const { runs } = await summarize(journal);
  const request = amongRuns(requestOf(args, bundle), bundle.pod, runs.filter(isContainerRun));
  const vm = own && (await makeOwnVm(provisioner, own, runs));
  return rehearsalOf(provisioner.create({ ...request, vm: vm?.id ?? request.vm }), host, args);
}

/** Waits for the end of a create and tells what it did. @throws {ProvisionFault} */
export async function rehearsalOf(
  provision: Creating<unknown>,
  host: SimulatedHost,
  args: PlanOptions,
): Promise<Rehearsal> {
  const events: ProvisionEvent[] = [];
  provision.events$.subscribe((event) => events.push(event));
  await provision.result;
  const created = host.effects.findLast(({ effect }) => effect === 'system.create');
  const document = (created?.document ?? {}) as object;
  return {
    document: args.showSecrets === true ? document : redactDocument(document),
    effects: host.effects,
    steps: stepsOf(events),
    warnings: events.flatMap((event) => (event.type === 'request.warned' ? event.finding.message : [])),
  };
}

function planText({ steps, effects, document, warnings }: Rehearsal): string {
  const stepLines = steps.map(({ step, skipped }) =>
    skipped === undefined ? `  ${pc.green('•')} ${step}` : `  ${pc.dim(`– ${step.padEnd(22)} skipped: ${skipped}`)}`,
  );
  return [
    pc.yellow('A plan: no host was touched. Ids and volumes that a host gives are examples.'),
    ...warnings.map((text) => `${pc.yellow('!')} ${text}`),
    `${pc.bold('steps')}`,
    ...stepLines,
    `${pc.bold('changes to the host, in order')}`,
    ...effects.map((effect) => `  ${effectLine(effect)}`),
    `${pc.bold('document')}`,
    JSON.stringify(document, null, 2),
    '',
  ].join('\n');
}

function refusal(fault: ProvisionFault, json: boolean): string {
  if (json) return `${JSON.stringify({ ok: false, fault: fault.fault })}\n`;
  if (fault.findings.length === 0) return `${fault.message}\n  ${pc.cyan('→')} ${fault.hint}\n`;
  return `${fault.findings.length} findings in the request\n\n${fault.findings.map(findingLines).join('\n')}`;
}

type Print = (rehearsal: Rehearsal) => string;

async function printRehearsal(
  args: PlanOptions,
  rehearsal: Promise<Rehearsal>,
  print: Print,
  { out, err }: Streams,
): Promise<number> {
  try {
    out(print(await rehearsal));
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof ProvisionFault)) throw error;
    (args.json === true ? out : err)(refusal(error, args.json === true));
    return error.code === 'invalid-request' ? EXIT.badInput : EXIT.failed;
  }
}

function shownEffects(effects: readonly Effect[], showSecrets: boolean): readonly object[] {
  return effects.map(({ document, ...effect }) => (showSecrets ? effect : withoutDocument({ document, ...effect })));
}

/** Shows a rehearsal whole: every step, the changes in order, and the document. */
export function printPlan(args: PlanOptions, rehearsal: Promise<Rehearsal>, streams: Streams): Promise<number> {
  const asJson: Print = ({ effects, ...rest }) =>
    `${JSON.stringify({ ok: true, ...rest, effects: shownEffects(effects, args.showSecrets === true) })}\n`;
  return printRehearsal(args, rehearsal, args.json === true ? asJson : planText, streams);
}

/** `slipway plan`: a create on a host that is only imagined. */
export function plan(args: PlanArguments, streams: Streams): Promise<number> {
  return printPlan(args, rehearse(args), streams);
}

/** `slipway document`: the document alone, as JSON. */
export function document(args: PlanArguments, streams: Streams): Promise<number> {
  return printRehearsal(args, rehearse(args), ({ document: made }) => `${JSON.stringify(made, null, 2)}\n`, streams);
}
