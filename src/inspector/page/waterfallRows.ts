/** The rows of a waterfall: each step of the create, then what came after it, with the calls that each made. */
import type { StepState } from '../../observe/provisionState.ts';
import type { CallStory, Story } from '../story/story.ts';
import { callOutcome, type Tone } from './words.ts';

export interface WaterfallRow {
  readonly key: string;
  readonly isStep: boolean;
  readonly name: string;
  /** What it is about, or why it was skipped. */
  readonly detail: string;
  /** null: nothing to draw. */
  readonly startMs: number | null;
  readonly endMs: number;
  readonly isOpen: boolean;
  readonly tone: Tone;
  /** How it came out, in a word. */
  readonly outcome: string;
}

const STEP_TONE: { readonly [S in StepState['status']]: Tone } = {
  pending: 'quiet',
  queued: 'waiting',
  running: 'going',
  done: 'good',
  skipped: 'quiet',
  failed: 'bad',
  unknown: 'warning',
};

function stepRow({ step, status, startedMs, endedMs, reason, retries }: StepState, reachesMs: number): WaterfallRow {
  const isOpen = status === 'running' || status === 'queued';
  return {
    key: `step-${step}`,
    isStep: true,
    name: step,
    detail: status === 'skipped' ? (reason ?? '') : retries > 0 ? `tried ${retries + 1} times` : '',
    startMs: status === 'skipped' ? null : (startedMs ?? null),
    endMs: endedMs ?? (isOpen ? reachesMs : (startedMs ?? 0)),
    isOpen,
    tone: STEP_TONE[status],
    outcome: status,
  };
}

function callRow(call: CallStory, reachesMs: number): WaterfallRow {
  const { word, tone } = callOutcome(call);
  return {
    key: `call-${call.number}`,
    isStep: false,
    name: call.call,
    detail: call.subject,
    startMs: call.startedMs,
    endMs: call.durationMs === null ? reachesMs : call.startedMs + call.durationMs,
    isOpen: call.durationMs === null,
    tone,
    outcome: word,
  };
}

/** Calls without a phase belong to the step that ran when they began. */
function phaseOf({ phase, startedMs }: CallStory, steps: readonly StepState[]): string {
  if (phase !== null) return phase;
  const running = steps.find(
    (step) => (step.startedMs ?? Number.MAX_VALUE) <= startedMs && startedMs <= (step.endedMs ?? Number.MAX_VALUE),
  );
  return running?.step ?? 'releasing';
}

function afterwards(name: string, calls: readonly CallStory[], reachesMs: number): WaterfallRow {
  const rows = calls.map((call) => callRow(call, reachesMs));
  const failed = calls.filter(({ failure }) => failure !== null).length;
  const isOpen = rows.some((row) => row.isOpen);
  return {
    key: `phase-${name}`,
    isStep: true,
    name,
    detail: '',
    startMs: Math.min(...calls.map(({ startedMs }) => startedMs)),
    endMs: Math.max(...rows.map(({ endMs }) => endMs)),
    isOpen,
    tone: isOpen ? 'going' : failed > 0 ? 'warning' : 'good',
    outcome: failed > 0 ? `${failed} failed` : 'done',
  };
}

export function rowsOf({ steps, calls }: Story, reachesMs: number): readonly WaterfallRow[] {
  const byPhase = Map.groupBy(calls, (call) => phaseOf(call, steps));
  const ofSteps = steps.flatMap((step) => {
    const own = byPhase.get(step.step) ?? [];
    byPhase.delete(step.step);
    if (step.status === 'pending' && own.length === 0) return [];
    return [stepRow(step, reachesMs), ...own.map((call) => callRow(call, reachesMs))];
  });
  const others = [...byPhase].flatMap(([name, own]) => [
    afterwards(name, own, reachesMs),
    ...own.map((call) => callRow(call, reachesMs)),
  ]);
  return [...ofSteps, ...others];
}
