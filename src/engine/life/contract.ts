/** What can be done with a container that was created. */
import type { Readable, Writable } from 'node:stream';
import type { Observable } from 'rxjs';
import type { ContainerExit, ContainerState } from '../../domain/containerLife.ts';
import type { ProcessDetails, SystemStatistics } from '../../domain/process.ts';
import type { ReleaseReport } from '../faults.ts';

/** What is connected to a process; what is not named is connected to nothing. */
export interface Stdio {
  /** `pipe`: `process.stdin` writes to it. */
  readonly stdin?: 'pipe' | 'none';
  readonly stdout?: 'pipe' | 'none';
  readonly stderr?: 'pipe' | 'none';
}

export interface ConsoleSize {
  readonly rows: number;
  readonly columns: number;
}

export interface StartOptions {
  /** Default: the outputs are pipes; nothing is connected to the input. */
  readonly stdio?: Stdio;
}

/** A process to run beside the first one. What is not given is as for that one (OCI runtime spec, process). */
export interface ExecRequest {
  readonly args?: readonly string[];
  /** For Windows, instead of `args`: passed on as it is. */
  readonly commandLine?: string;
  /**
   * In place of the variables of the container's process. After a restart of this process those are not known, unless
   * the spec was given again: the journal keeps no values.
   */
  readonly env?: readonly string[];
  readonly cwd?: string;
  /** A name for Windows; uid, or uid and gid, for Linux. */
  readonly user?: string | { readonly uid: number; readonly gid?: number };
  readonly tty?: boolean;
  readonly consoleSize?: ConsoleSize;
  /** Default: the outputs are pipes; nothing is connected to the input. */
  readonly stdio?: Stdio;
}

export interface ProcessState {
  readonly pid: number;
  readonly status: 'running' | 'exited';
  /** Absent where the host did not tell: its system or the service ended below it. */
  readonly exitCode?: number;
}

export interface ProcessExit {
  /** 0 to 2^32 - 1; absent where the host did not tell. */
  readonly exitCode?: number;
}

/** A process in a container. Its streams hold back their writers: what nobody reads is not read from the process. */
export interface ContainerProcess {
  readonly pid: number;
  readonly state: ProcessState;
  readonly stdin: Writable | undefined;
  readonly stdout: Readable | undefined;
  readonly stderr: Readable | undefined;
  /** Resolves when it has exited; its outputs may still hold what it has written. Never rejects. */
  wait(): Promise<ProcessExit>;
  /** A name or a number: see `signalFor`. Resolves with false when it had exited. @throws {LifeRefusal} for an unknown one */
  signal(signal: string | number): Promise<boolean>;
  /** @throws {LifeRefusal} when it has no terminal. Of one that has exited, nothing happens. */
  resize(size: ConsoleSize): Promise<void>;
  /** It reads to an end. Again: nothing happens. */
  closeStdin(): Promise<void>;
}

export interface ShutdownOptions {
  /** What the first process is sent. Default: SIGTERM, which is CtrlShutdown for Windows. */
  readonly signal?: string | number;
  /** Milliseconds until it is ended by force. Default: 10,000; 0: at once. */
  readonly timeoutMs?: number;
}

/** Limits of a running container (OCI runtime spec, windows.resources). */
export interface ResourceUpdate {
  readonly memory?: { readonly limit?: number };
  /** One of the three. */
  readonly cpu?: { readonly count?: number; readonly maximum?: number; readonly shares?: number };
}

export interface DeleteOptions {
  /** Ends it first where it runs. Default: false. */
  readonly force?: boolean;
}

/** The life of one container. A method that does not fit its state rejects with a {@link LifeRefusal}. */
export interface ContainerLife {
  readonly life: ContainerState;
  /** The current state first; completes when the container is deleted. A `for await` that is slow gets the newest. */
  readonly life$: Observable<ContainerState> & AsyncIterable<ContainerState>;
  /** The first process, from the start on. After a restart of this process it has no streams. */
  readonly init: ContainerProcess | undefined;
  /** Starts the system and its first process. Of one that runs: nothing happens. */
  start(options?: StartOptions): Promise<ContainerProcess>;
  exec(request: ExecRequest): Promise<ContainerProcess>;
  /** To the first process. */
  signal(signal: string | number): Promise<boolean>;
  /** Resolves when it has stopped. Of one that has stopped: its exit. */
  shutdown(options?: ShutdownOptions): Promise<ContainerExit>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  stats(): Promise<SystemStatistics>;
  /** Every `everyMs`, until the container stops. */
  stats$(everyMs: number): Observable<SystemStatistics>;
  processes(): Promise<readonly ProcessDetails[]>;
  update(resources: ResourceUpdate): Promise<void>;
  /** Resolves when it has stopped. */
  wait(): Promise<ContainerExit>;
  /** Gives back all that it stands on. With residue it can be called again. */
  delete(options?: DeleteOptions): Promise<ReleaseReport>;
}
