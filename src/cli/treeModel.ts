/** What the live tree knows of a create: made of its events alone, so that it can be drawn at any moment. */
import type { QueuePlace } from '../domain/admission.ts';
import type { ProvisionEvent } from '../domain/events.ts';
import type { Fault } from '../domain/fault.ts';
import type { Finding } from '../domain/finding.ts';
import type { ResourceId } from '../domain/ids.ts';
import { isAlive, type LedgerEntry, releaseOrder } from '../domain/resource.ts';
import { isStep, type StepName } from '../domain/step.ts';

/** A step that was begun; times in milliseconds from the start of the run. */
interface Begun {
  readonly sinceMs: number;
  /** Which try this is, from 1. */
  readonly attempt: number;
  /** Why the try before this one failed. */
  readonly lastFault?: Fault;
}

export type StepProgress =
  | { readonly status: 'waiting' }
  | { readonly status: 'skipped'; readonly reason: string }
  | (Begun & { readonly status: 'running' | 'stopping'; readonly call?: string })
  | (Begun & { readonly status: 'queued'; readonly place: QueuePlace })
  /** The pause before the try `attempt`, which begins at `nextAtMs`. */
  | (Begun & { readonly status: 'retrying'; readonly delayMs: number; readonly nextAtMs: number; readonly why: Fault })
  | (Begun & { readonly status: 'finished' | 'stopped'; readonly endMs: number })
  | (Begun & { readonly status: 'failed' | 'outcomeUnknown'; readonly endMs: number; readonly fault: Fault });

/** The end of a create that did not succeed: its resources are given back, or kept. */
export interface Undoing {
  /** `keeping`: only what may or may not have been acquired is undone; `held`: the rest is kept now. */
  readonly kind: 'rollback' | 'keeping' | 'held';
  readonly sinceMs: number;
  /** Absent while it goes on. */
  readonly endMs?: number;
  /** In the order of their release. */
  readonly resources: readonly ResourceId[];
  /** How long the releases took that have ended. */
  readonly durations: ReadonlyMap<ResourceId, number>;
  /** The last one that was released or tried, and when. */
  readonly last?: { readonly id: ResourceId; readonly atMs: number };
}

export interface TreeModel {
  readonly steps: ReadonlyMap<StepName, StepProgress>;
  readonly warnings: readonly Finding[];
  readonly cancelReason?: string;
  readonly entries: ReadonlyMap<ResourceId, LedgerEntry>;
  readonly undoing?: Undoing;
}

export const EMPTY_TREE: TreeModel = { steps: new Map(), warnings: [], entries: new Map() };

/** Timers may be early by this much. */
const EARLY_MS = 5;

type EventOf<T extends ProvisionEvent['type']> = Extract<ProvisionEvent, { readonly type: T }>;
type BegunStep = Extract<StepProgress, Begun>;

export const progressOf = (model: TreeModel, step: StepName): StepProgress =>
  model.steps.get(step) ?? { status: 'waiting' };

function withStep(model: TreeModel, step: StepName, progress: StepProgress): TreeModel {
  return { ...model, steps: new Map(model.steps).set(step, progress) };
}

const isBegun = (progress: StepProgress): progress is BegunStep => 'sinceMs' in progress;
const hasEnded = (progress: BegunStep): boolean => 'endMs' in progress;

function begunOf(model: TreeModel, step: StepName, atMs: number): Begun {
  const progress = progressOf(model, step);
  if (!isBegun(progress)) return { sinceMs: atMs, attempt: 1 };
  const { sinceMs, attempt, lastFault } = progress;
  return { sinceMs, attempt, ...(lastFault === undefined ? {} : { lastFault }) };
}

/** Changes the steps that have begun and not ended. */
function changeOpenSteps(model: TreeModel, change: (begun: Begun) => StepProgress): TreeModel {
  const steps = [...model.steps].map(([step, progress]) => {
    const open = isBegun(progress) && !hasEnded(progress);
    return [step, open ? change(begunOf(model, step, 0)) : progress] as const;
  });
  return { ...model, steps: new Map(steps) };
}

function retrying(model: TreeModel, { step, attempt, delayMs, fault, atMs }: EventOf<'step.retrying'>): TreeModel {
  const { sinceMs } = begunOf(model, step, atMs);
  const nextAtMs = atMs + delayMs;
  return withStep(model, step, { status: 'retrying', sinceMs, attempt, delayMs, nextAtMs, why: fault });
}

/** A call before the end of the pause undoes the failed try, and the pause begins after it; any other is the next try. */
function callStarted(model: TreeModel, { phase, call, atMs }: EventOf<'call.started'>): TreeModel {
  if (!isStep(phase)) return model;
  const progress = progressOf(model, phase);
  if (progress.status === 'running') return withStep(model, phase, { ...progress, call });
  if (progress.status !== 'retrying' || atMs < progress.nextAtMs - EARLY_MS) return model;
  const { sinceMs, attempt, why } = progress;
  return withStep(model, phase, { status: 'running', sinceMs, attempt, lastFault: why, call });
}

function callAnswered(model: TreeModel, { phase, atMs }: EventOf<'call.answered'>): TreeModel {
  if (!isStep(phase)) return model;
  const progress = progressOf(model, phase);
  if (progress.status === 'retrying') return withStep(model, phase, { ...progress, nextAtMs: atMs + progress.delayMs });
  if (progress.status !== 'running') return model;
  return withStep(model, phase, { status: 'running', ...begunOf(model, phase, atMs) });
}

/** The branch of the undoing, begun now or, after a late answer, again. */
function undoing(model: TreeModel, kind: 'rollback' | 'keeping', atMs: number): TreeModel {
  const before = model.undoing;
  const alive = releaseOrder([...model.entries.values()]).map(({ id }) => id);
  const known = before?.resources ?? [];
  const resources = [...known, ...alive.filter((id) => !known.includes(id))];
  const stopped = changeOpenSteps(model, (begun) => ({ ...begun, status: 'stopped', endMs: atMs }));
  const branch = { kind, sinceMs: before?.sinceMs ?? atMs, resources, durations: before?.durations ?? new Map() };
  return { ...stopped, undoing: branch };
}

/** When the create failed; undefined as long as it has not. */
function failedAtMs({ steps, cancelReason }: TreeModel, atMs: number): number | undefined {
  const ends = [...steps.values()].flatMap((progress) =>
    progress.status === 'failed' || progress.status === 'outcomeUnknown' ? progress.endMs : [],
  );
  return ends.at(-1) ?? (cancelReason === undefined ? undefined : atMs);
}

function resourceChanged(model: TreeModel, { entry, atMs }: EventOf<'resource.changed'>): TreeModel {
  const settles = entry.state === 'released' || entry.state === 'residue';
  // Without a rollback, the release of what may or may not be there says that the rest will be kept.
  const failedMs = settles && model.undoing === undefined ? failedAtMs(model, atMs) : undefined;
  const base = failedMs === undefined ? model : undoing(model, 'keeping', failedMs);
  const changed = { ...base, entries: new Map(base.entries).set(entry.id, entry) };
  if (!settles || base.undoing === undefined) return changed;
  const { sinceMs, last, durations, resources } = base.undoing;
  const tookMs = atMs - (last?.atMs ?? sinceMs) + (last?.id === entry.id ? (durations.get(entry.id) ?? 0) : 0);
  return {
    ...changed,
    undoing: {
      ...base.undoing,
      resources: resources.includes(entry.id) ? resources : [...resources, entry.id],
      durations: new Map(durations).set(entry.id, tookMs),
      last: { id: entry.id, atMs },
    },
  };
}

function ended(model: TreeModel, kind: 'rollback' | 'held', atMs: number): TreeModel {
  const begun = model.undoing === undefined ? undoing(model, 'keeping', atMs) : model;
  return begun.undoing === undefined ? begun : { ...begun, undoing: { ...begun.undoing, kind, endMs: atMs } };
}

/** What is known after one more event. */
export function afterEvent(model: TreeModel, event: ProvisionEvent): TreeModel {
  const { atMs } = event;
  switch (event.type) {
    case 'request.warned':
      return { ...model, warnings: [...model.warnings, event.finding] };
    case 'step.started':
      return withStep(model, event.step, { status: 'running', sinceMs: atMs, attempt: 1 });
    case 'step.queued': {
      const place = { class: event.class, ahead: event.ahead };
      return withStep(model, event.step, { status: 'queued', ...begunOf(model, event.step, atMs), place });
    }
    case 'step.admitted':
      return withStep(model, event.step, { status: 'running', ...begunOf(model, event.step, atMs) });
    case 'step.skipped':
      return withStep(model, event.step, { status: 'skipped', reason: event.reason });
    case 'step.finished':
      return withStep(model, event.step, { ...begunOf(model, event.step, atMs), status: 'finished', endMs: atMs });
    case 'step.failed':
    case 'step.outcomeUnknown': {
      const status = event.type === 'step.failed' ? 'failed' : 'outcomeUnknown';
      const begun = begunOf(model, event.step, atMs);
      return withStep(model, event.step, { ...begun, status, endMs: atMs, fault: event.fault });
    }
    case 'step.retrying':
      return retrying(model, event);
    case 'call.started':
      return callStarted(model, event);
    case 'call.answered':
      return callAnswered(model, event);
    case 'provision.cancelRequested':
      return changeOpenSteps({ ...model, cancelReason: event.reason }, (begun) => ({ ...begun, status: 'stopping' }));
    case 'resource.changed':
      return resourceChanged(model, event);
    case 'release.started':
      return undoing(model, 'rollback', atMs);
    case 'release.finished':
      return ended(model, 'rollback', atMs);
    case 'provision.held':
      return ended(model, 'held', atMs);
    case 'service.disconnected':
      return changeOpenSteps(model, (begun) => ({ ...begun, status: 'stopping' }));
    case 'provision.completed':
    case 'vm.exited':
    case 'container.exited':
    case 'container.started':
    case 'container.paused':
    case 'container.resumed':
    case 'container.stopRequested':
    case 'container.terminating':
    case 'container.stopped':
    case 'container.failed':
    case 'container.deleted':
    case 'process.started':
    case 'process.exited':
    case 'service.reconciled':
    case 'service.unreachable':
    case 'lease.expired':
      return model;
  }
}

/** Whether the entry was neither released nor found to be residue yet. */
export const isToBeReleased = (entry: LedgerEntry): boolean => isAlive(entry) && entry.state !== 'residue';
