import { closeSync, openSync, writeSync } from 'node:fs';
import { Command, Option } from 'commander';
import { type Case, loadCases } from './case.ts';

export interface ConformanceArguments {
  readonly cases: readonly Case[];
  /** Whether the calls of the release are meant, not those of the create. */
  readonly release: boolean;
  /** Whether the whole life of the container is meant: created, started, stopped, deleted. */
  readonly life: boolean;
  /** The folder of the cases. */
  readonly folder: string;
  /** Whether processes are killed for it. */
  readonly kill: boolean;
  /** Whether the calls are to hang, not to fail. */
  readonly hang: boolean;
  /** Where the cases run. */
  readonly host: HostChoice;
  /** Writes one object as a line of the `--out` file; nothing without one. */
  readonly write: (line: object) => void;
  readonly close: () => void;
}

/** `port`, `libraries`: of a stand-in service that runs already, and what speaks to it. */
export interface HostChoice {
  readonly name: 'simulated' | 'native';
  readonly inWine: boolean;
  readonly service?: { readonly port: number; readonly libraries: string };
}

function hostChoiceOf({ host, wine = false, port, libraries }: Where): HostChoice {
  const service = port === undefined || libraries === undefined ? {} : { service: { port: Number(port), libraries } };
  return { name: host, inWine: wine, ...service };
}

type Where = Pick<Options, 'host' | 'wine' | 'port' | 'libraries'>;

interface Options {
  readonly kind?: string;
  readonly out?: string;
  readonly release?: boolean;
  readonly life?: boolean;
  readonly kill?: boolean;
  readonly hang?: boolean;
  readonly host: HostChoice['name'];
  readonly wine?: boolean;
  readonly port?: string;
  readonly libraries?: string;
}

/** `DIR [PATTERN] [--kind KIND] [--out FILE]`; ends the process with 2 when no case matches. */
export function conformanceArguments(name: string, description: string): ConformanceArguments {
  const program = new Command(name)
    .description(description)
    .argument('<dir>', 'a folder of recorded cases')
    .argument('[pattern]', 'a glob on the name of a case')
    .option('--kind <kind>', 'only cases of this kind: argon, v1, v1x, xenon, lcow, uvm, uvm-from-spec')
    .option('--release', 'faults only: the calls of the release, and not those of the create')
    .option('--life', 'the whole life of the container: it is started, something runs in it, it is stopped and deleted')
    .option('--hang', 'faults only: the calls answer too late, or never, instead of failing')
    .option(
      '--kill',
      'crash only: kill real processes, at every point of three cases and at one in fifty of the others',
    )
    .addOption(
      new Option('--host <host>', 'parity and faults: the host that the cases run on')
        .choices(['simulated', 'native'])
        .default('simulated'),
    )
    .option('--wine', 'with --host native: in a Node of Windows, under Wine')
    .addOption(new Option('--port <port>', 'of a stand-in service that runs already').hideHelp())
    .addOption(new Option('--libraries <dir>', 'the stand-in libraries').hideHelp())
    .option('--out <file>', 'write one JSON object a line to this file')
    .showHelpAfterError()
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse();
  const [folder = '.', pattern] = program.args;
  const { kind, out, release = false, life = false, hang = false, kill = false, ...where } = program.opts<Options>();
  const cases = casesIn(folder, pattern, kind);
  const file = out === undefined ? undefined : openSync(out, 'w');
  return {
    cases,
    folder,
    release,
    life,
    kill,
    hang,
    host: hostChoiceOf(where),
    write: (line) => {
      if (file !== undefined) writeSync(file, `${JSON.stringify(line)}\n`);
    },
    close: () => {
      if (file !== undefined) closeSync(file);
    },
  };
}

function casesIn(folder: string, pattern: string | undefined, kind: string | undefined): readonly Case[] {
  try {
    const cases = loadCases(folder, { pattern, kind });
    if (cases.length > 0) return cases;
    process.stderr.write(
      `no case in ${folder} matches ${pattern ?? '*'}${kind === undefined ? '' : ` of kind ${kind}`}\n`,
    );
  } catch (error) {
    process.stderr.write(
      `cannot read cases from ${folder}: ${error instanceof Error ? error.message : String(error)}\n`,
    );
  }
  return process.exit(2);
}
