/** What becomes of a method of a container, by where the container stands. */
import type { LifeMethod, LifeStatus } from '../../domain/containerLife.ts';

/**
 * `does`: it is done. `already`: what it would bring about is so. `joins`: it is on its way, and is waited for.
 * `waits`: nothing is decided before the container moves on; then it is asked again. `refuses`: it does not fit.
 */
export type Answer = 'does' | 'already' | 'joins' | 'waits' | 'refuses';

type ByStatus = Readonly<Record<LifeStatus, Answer>>;

const NEVER: ByStatus = {
  created: 'refuses',
  starting: 'refuses',
  running: 'refuses',
  pausing: 'refuses',
  paused: 'refuses',
  resuming: 'refuses',
  stopping: 'refuses',
  stuck: 'refuses',
  reconciling: 'waits',
  unreachable: 'refuses',
  stopped: 'refuses',
  deleting: 'refuses',
  deleted: 'refuses',
};

const asked = {
  running: 'does',
  paused: 'does',
  pausing: 'does',
  resuming: 'does',
  stopping: 'does',
  stuck: 'does',
} as const;

/** The one table of it. */
export const ANSWERS: Readonly<Record<LifeMethod, ByStatus>> = {
  start: {
    ...NEVER,
    created: 'does',
    starting: 'joins',
    running: 'already',
    pausing: 'already',
    paused: 'already',
    resuming: 'already',
  },
  exec: { ...NEVER, starting: 'waits', running: 'does', resuming: 'waits' },
  signal: { ...NEVER, starting: 'waits', running: 'does', stopping: 'does', resuming: 'waits' },
  shutdown: {
    ...NEVER,
    created: 'does',
    starting: 'does',
    running: 'does',
    pausing: 'does',
    paused: 'does',
    resuming: 'does',
    stopping: 'does',
    stuck: 'does',
    unreachable: 'does',
    stopped: 'already',
    deleting: 'already',
    deleted: 'already',
  },
  pause: { ...NEVER, running: 'does', pausing: 'joins', paused: 'already', resuming: 'waits' },
  resume: { ...NEVER, running: 'already', pausing: 'waits', paused: 'does', resuming: 'joins' },
  stats: { ...NEVER, ...asked, starting: 'waits' },
  processes: { ...NEVER, ...asked, starting: 'waits' },
  update: { ...NEVER, starting: 'waits', running: 'does', resuming: 'waits' },
  wait: {
    ...NEVER,
    created: 'joins',
    starting: 'joins',
    running: 'joins',
    pausing: 'joins',
    paused: 'joins',
    resuming: 'joins',
    stopping: 'joins',
    stuck: 'joins',
    reconciling: 'joins',
    unreachable: 'joins',
    stopped: 'already',
    deleting: 'already',
    deleted: 'already',
  },
  delete: {
    ...NEVER,
    created: 'does',
    stuck: 'does',
    unreachable: 'does',
    stopping: 'waits',
    stopped: 'does',
    deleting: 'joins',
    deleted: 'already',
  },
};

/** What to do where a method is refused. */
export const REMEDIES: Readonly<Record<LifeStatus, string>> = {
  created: 'Start it first.',
  starting: 'Wait until it runs.',
  running: 'Shut it down first, or delete it with force.',
  pausing: 'Resume it when it is paused.',
  paused: 'Resume it first.',
  resuming: 'Wait until it runs.',
  stopping: 'Wait until it has stopped.',
  stuck: 'Shut it down again, or delete it.',
  reconciling: 'Wait until the compute service has answered.',
  unreachable: 'See whether the service vmcompute runs, and shut it down or delete it then.',
  stopped: 'A container that has stopped is not started again: delete it, and create it anew.',
  deleting: 'It is being deleted: create another one.',
  deleted: 'It is deleted: create another one.',
};
