/** A process to run in a guest (HCS: ProcessParameters). One of the pipes carries its output. */
export interface GuestProcess {
  /** For a Windows guest. */
  readonly CommandLine?: string;
  /** For a Linux guest. */
  readonly CommandArgs?: readonly string[];
  readonly User?: string;
  readonly WorkingDirectory: string;
  readonly Environment?: Readonly<Record<string, string>>;
  readonly CreateStdOutPipe?: true;
  readonly CreateStdErrPipe?: true;
}

export interface GuestProcessResult {
  readonly exitCode: number;
  /** What came out of the pipes that were asked for. */
  readonly output: string;
}
