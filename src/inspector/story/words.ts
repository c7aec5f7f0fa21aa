/** What happened in a run, in words. */
import { placeInWords } from '../../domain/admission.ts';
import type { MachineEvent } from '../../domain/events.ts';
import type { RunRecord } from '../../journal/store.ts';
import type { HappeningStory } from './story.ts';

export type Happened = Pick<HappeningStory, 'kind' | 'text' | 'tone'>;

type EventType = MachineEvent['type'];
type Event<T extends EventType> = Extract<MachineEvent, { type: T }>;

const step = (text: string, tone: Happened['tone'] = 'plain'): Happened => ({ kind: 'step', text, tone });
const run = (text: string, tone: Happened['tone'] = 'plain'): Happened => ({ kind: 'run', text, tone });

const FOUND = {
  there: 'the compute service is back, and what it had of this run is there',
  gone: 'the compute service is back, and what it had of this run is gone',
} as const;

function releaseOver({ purpose, residue }: Event<'release.finished'>): Happened {
  const what = purpose === 'rollback' ? 'the rollback is over' : 'the release is over';
  return residue === 0
    ? run(`${what}: nothing is left`, 'good')
    : run(`${what}: ${residue} could not be released`, 'bad');
}

const EVENTS: { readonly [T in EventType]: (event: Event<T>) => Happened } = {
  'request.warned': ({ finding }) => run(`${finding.message} (${finding.pointer})`, 'warning'),
  'step.started': (e) => step(`${e.step} begins`),
  'step.skipped': (e) => step(`${e.step} is skipped: ${e.reason}`),
  'step.queued': (e) => step(`${e.step} waits for its turn: ${placeInWords(e)}`, 'warning'),
  'step.admitted': (e) => step(`it is the turn of ${e.step}`),
  'step.finished': (e) => step(`${e.step} is done`, 'good'),
  'step.failed': (e) => ({ kind: 'fault', text: `${e.step} failed: ${e.fault.message}`, tone: 'bad' }),
  'step.retrying': (e) => ({
    kind: 'retry',
    text: `${e.step} is tried again in ${e.delayMs} ms (try ${e.attempt}): ${e.fault.message}`,
    tone: 'warning',
  }),
  'step.outcomeUnknown': (e) => ({ kind: 'fault', text: `${e.step}: ${e.fault.message}`, tone: 'bad' }),
  'provision.cancelRequested': (e) => run(`it was asked to stop: ${e.reason}`, 'warning'),
  'provision.completed': () => run('it is provisioned', 'good'),
  'vm.exited': (e) => run(`the VM ended: ${e.reason}`, 'bad'),
  'container.exited': (e) => run(`the container ended: ${e.reason}`, 'bad'),
  'service.disconnected': () => run('the compute service went away', 'bad'),
  'service.reconciled': ({ found }) => run(FOUND[found], found === 'there' ? 'good' : 'bad'),
  'service.unreachable': (e) => run(`the compute service was asked ${e.attempts} times and is not back`, 'bad'),
  'provision.held': () => run('what was acquired is held', 'warning'),
  'lease.expired': () => run('what was held was held long enough: it is released'),
  'release.started': ({ purpose }) => run(purpose === 'rollback' ? 'the rollback begins' : 'the release begins'),
  'release.finished': releaseOver,
};

export function eventInWords<T extends EventType>(event: Event<T>): Happened {
  const words = EVENTS[event.type] as (event: Event<T>) => Happened;
  return words(event);
}

/** undefined for a record that something else tells of. */
export function recordInWords(record: RunRecord): Happened | undefined {
  switch (record.type) {
    case 'run.started':
      return run(`${record.kind === 'vm' ? 'utility VM' : 'container'} ${record.containerId} was asked for`);
    case 'run.takenUp':
      return run('another process has taken it up', 'warning');
    case 'vm.started':
      return run('the VM runs, and can have containers put into it', 'good');
    default:
      return undefined;
  }
}
