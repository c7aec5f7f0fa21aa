import { readFileSync } from 'node:fs';
import { systemCodeOf } from './systemError.ts';

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** What only the kernel of Linux tells of a process: proc_pid_stat(5), from its third field on. */
function statOf(pid: number): readonly string[] {
  const stat = read(`/proc/${pid}/stat`);
  // The name of the program, in parentheses, may hold blanks and parentheses itself.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
}

/** When the kernel started the process, in its own units; '' where the system does not tell. */
const startTimeOf = (pid: number): string => statOf(pid)[19] ?? '';

/** Whether it has ended, and only its parent has not asked how: where nobody does, that lasts. */
const isZombie = (pid: number): boolean => statOf(pid)[0] === 'Z';

/** '' where the system does not tell. */
function bootId(): string {
  return read('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
}

function identityOf(pid: number): string {
  return [pid, startTimeOf(pid), bootId()].join('@');
}

let own: string | undefined;

/** Names this process for as long as the disk lasts: `pid@start@boot`, so that a reused pid is not taken for it. */
export function processIdentity(): string {
  own ??= identityOf(process.pid);
  return own;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return systemCodeOf(error) === 'EPERM';
  }
}

/** Whether the process of that name is gone. A process of another machine, or of another start of this one, is. */
export function hasEnded(identity: string): boolean {
  const pid = Number(identity.split('@', 1)[0]);
  return !isRunning(pid) || identityOf(pid) !== identity || isZombie(pid);
}

/** Which process this is, and whether another one lives: what says who drives a run. */
export interface Processes {
  readonly own: string;
  /** Whether the process of that name is gone. */
  hasEnded(identity: string): boolean;
}

/** The processes of this machine. */
export const machineProcesses: Processes = {
  get own() {
    return processIdentity();
  },
  hasEnded,
};
