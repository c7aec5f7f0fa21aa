import type { MachineEvent } from '../../domain/events.ts';
import type { Fault } from '../../domain/fault.ts';
import type { Finding } from '../../domain/finding.ts';
import { provisionId } from '../../domain/ids.ts';
import { STEPS, VM_STEPS } from '../../domain/step.ts';
import type { RunLine } from '../../journal/store.ts';
import { pendingSteps, type StepState, stepsAfter } from '../../observe/provisionState.ts';
import { Calls } from './calls.ts';
import { codeStory } from './codes.ts';
import { Happenings } from './happenings.ts';
import { Resources } from './resources.ts';
import { Standing } from './standing.ts';
import type { FailureStory, RetryStory, StateVisit, Story } from './story.ts';
import { eventInWords, recordInWords } from './words.ts';

const ENDED: readonly string[] = ['failed', 'released'];

function failureStory(fault: Fault, atMs: number | null): FailureStory {
  const { code, message, hint, step, resource, host, findings = [] } = fault;
  return {
    code,
    message,
    hint,
    step,
    resource: resource?.description ?? null,
    host: host === undefined ? null : { call: host.call, ...codeStory(host) },
    findings,
    atMs,
  };
}

/** Makes the story of one run of its lines, whether they come from a file or while it goes on. */
export class StoryBuilder {
  readonly #standing = new Standing();
  readonly #calls = new Calls();
  readonly #resources = new Resources();
  readonly #happenings = new Happenings();
  readonly #visits: StateVisit[] = [];
  readonly #retries: RetryStory[] = [];
  readonly #warnings: Finding[] = [];
  readonly #processes: string[] = [];
  #steps: readonly StepState[] = [];
  #document: unknown = null;
  #failedMs: number | null = null;
  #lines = 0;
  /** What was told before the line that says what the run is about: that one takes longer to write. */
  readonly #early: RunLine[] = [];

  tell(line: RunLine): void {
    if (this.#standing.started === undefined && line.type !== 'header' && line.type !== 'run.started') {
      this.#early.push(line);
      return;
    }
    this.#take(line);
    if (line.type === 'run.started') for (const early of this.#early.splice(0)) this.#take(early);
  }

  #take(line: RunLine): void {
    this.#lines += 1;
    this.#standing.tell(line);
    const atMs = 'atMs' in line ? this.#standing.timeOf(line.atMs) : this.#standing.nowMs;
    switch (line.type) {
      case 'note.state':
        this.#enter(line.path, atMs);
        return;
      case 'note.callStarted':
        this.#happenings.addCall(atMs, this.#calls.begin(line, atMs));
        return;
      case 'note.call':
        this.#happenings.addCall(atMs, this.#calls.answer(line, atMs));
        return;
      case 'note.event':
        this.#tellEvent(line.event, atMs);
        return;
      case 'note.document':
        this.#document = line.document;
        return;
      case 'note.resource':
        this.#resources.timed(line.id, line.state, atMs);
        this.#happenings.timeResource(line.id, atMs);
        return;
      default:
        this.#tellRecord(line, atMs);
    }
  }

  #tellRecord(line: Exclude<RunLine, { atMs: number }>, atMs: number): void {
    if (line.type === 'header' || line.type === 'note.limits') return;
    if (line.type === 'run.started') this.#steps = pendingSteps(line.kind === 'vm' ? VM_STEPS : STEPS);
    if (line.type === 'run.started' || line.type === 'run.takenUp') this.#processes.push(line.process);
    if (line.type === 'intended' || line.type === 'changed') {
      const entry = this.#standing.entries.get(line.id);
      if (entry === undefined) return;
      this.#resources.came(entry.id, entry.state);
      this.#happenings.addResource(atMs, entry);
      return;
    }
    const happened = recordInWords(line);
    if (happened !== undefined) this.#happenings.add(atMs, line.type, happened);
  }

  #enter(path: string, atMs: number): void {
    const last = this.#visits.at(-1);
    if (last !== undefined) this.#visits[this.#visits.length - 1] = { ...last, leftMs: atMs };
    this.#visits.push({ path, enteredMs: atMs, leftMs: null });
    this.#happenings.addState(atMs, path);
  }

  #tellEvent(event: MachineEvent, atMs: number): void {
    this.#happenings.add(atMs, event.type, eventInWords(event));
    const stamp = { provisionId: provisionId(this.#standing.id || 'run'), sequence: this.#lines, atMs };
    this.#steps = stepsAfter(this.#steps, { ...event, ...stamp });
    if (event.type === 'request.warned') this.#warnings.push(event.finding);
    if (event.type === 'step.retrying') {
      const { step, attempt, delayMs, fault } = event;
      this.#retries.push({ step, attempt, reason: fault.message, atMs, nextMs: atMs + delayMs });
    }
    if (event.type === 'step.failed' || event.type === 'step.outcomeUnknown') this.#failedMs ??= atMs;
    if (event.type === 'provision.cancelRequested') this.#failedMs ??= atMs;
  }

  /** undefined as long as nothing tells what the run is about. @param isLeft whether the process that drove it is gone */
  story(isLeft = false): Story | undefined {
    const standing = this.#standing;
    const { started, fault } = standing;
    if (started === undefined) return undefined;
    const status = standing.status(isLeft);
    const resources = this.#resources.all(standing.entries.values(), this.#calls.pending);
    return {
      id: standing.id,
      systemId: started.containerId,
      kind: started.kind ?? 'container',
      status,
      path: standing.path,
      step: standing.step,
      steps: this.#steps,
      startedAt: started.at,
      lastMs: standing.nowMs,
      hasEnded: ENDED.includes(status),
      visits: [...this.#visits],
      retries: [...this.#retries],
      calls: this.#calls.all,
      resources,
      left: resources.filter(({ isOnHost }) => isOnHost),
      happenings: this.#happenings.all,
      warnings: [...this.#warnings],
      failure: fault === undefined ? null : failureStory(fault, this.#failedMs),
      waiting: standing.waiting(isLeft),
      heldUntil: standing.heldUntil,
      document: this.#document,
      request: started.request,
      processes: [...this.#processes],
    };
  }
}

/** The story of a run by all its lines. */
export function storyOf(lines: Iterable<RunLine>, isLeft = false): Story | undefined {
  const builder = new StoryBuilder();
  for (const line of lines) builder.tell(line);
  return builder.story(isLeft);
}
