/** Processes in containers, in the words of HCS. */

/** The operating system that a container runs. */
export type GuestOs = 'windows' | 'linux';

/** What a process is to be (HCS: ProcessParameters). */
export interface ProcessParameters {
  /** For a Windows container: the whole command line, quoted as Windows quotes. */
  readonly CommandLine?: string;
  /** For a Linux guest. */
  readonly CommandArgs?: readonly string[];
  readonly User?: string;
  readonly WorkingDirectory?: string;
  readonly Environment?: Readonly<Record<string, string>>;
  /** A terminal: one stream carries both outputs, and a Windows process gets a console. */
  readonly EmulateConsole?: boolean;
  readonly CreateStdInPipe?: boolean;
  readonly CreateStdOutPipe?: boolean;
  readonly CreateStdErrPipe?: boolean;
  /** Rows, then columns. */
  readonly ConsoleSize?: readonly [rows: number, columns: number];
  /** For a Linux container: its OCI process, which the guest reads instead of the fields above. */
  readonly OCIProcess?: object;
}

/** How a process stands (HCS: ProcessStatus). */
export interface ProcessStatus {
  readonly ProcessId: number;
  readonly Exited: boolean;
  /** Of a process that has exited: 0 to 2^32 - 1. */
  readonly ExitCode?: number;
}

/** One process of a running system (HCS: ProcessDetails). */
export interface ProcessDetails {
  readonly ProcessId: number;
  readonly ImageName?: string;
  readonly CreateTimestamp?: string;
  /** Hundreds of nanoseconds. */
  readonly UserTime100ns?: number;
  readonly KernelTime100ns?: number;
  /** Bytes. */
  readonly MemoryWorkingSetPrivateBytes?: number;
}

/** What Windows processes can be sent. */
export const CONSOLE_SIGNALS = ['CtrlC', 'CtrlBreak', 'CtrlClose', 'CtrlLogOff', 'CtrlShutdown'] as const;
export type ConsoleSignal = (typeof CONSOLE_SIGNALS)[number];

/** What a process is sent (HCS: SignalProcessOptions): a number for a Linux process, a word for a Windows one. */
export interface SignalOptions {
  readonly Signal: ConsoleSignal | number;
}

/** How a compute system ended (HCS: SystemExitStatus). */
export interface SystemExit {
  /** An HRESULT as a signed number; 0 when nothing went wrong. */
  readonly Status: number;
  readonly ExitType?: 'None' | 'GracefulExit' | 'ForcedExit' | 'UnexpectedExit' | 'Unknown';
}

/** What a running system uses (HCS: Statistics). Times are hundreds of nanoseconds, sizes bytes. */
export interface SystemStatistics {
  readonly Timestamp?: string;
  readonly ContainerStartTime?: string;
  readonly Uptime100ns?: number;
  readonly Processor?: {
    readonly TotalRuntime100ns?: number;
    readonly RuntimeUser100ns?: number;
    readonly RuntimeKernel100ns?: number;
  };
  readonly Memory?: {
    readonly MemoryUsageCommitBytes?: number;
    readonly MemoryUsageCommitPeakBytes?: number;
    readonly MemoryUsagePrivateWorkingSetBytes?: number;
  };
  readonly Storage?: {
    readonly ReadCountNormalized?: number;
    readonly ReadSizeBytes?: number;
    readonly WriteCountNormalized?: number;
    readonly WriteSizeBytes?: number;
  };
}
