import { Command, InvalidArgumentError, Option } from 'commander';
import { addCleanupCommands } from './cleanup/commands.ts';
import type { CreateArguments } from './create.ts';
import * as help from './help.ts';
import { hostNameOf } from './hostName.ts';
import { hostOption } from './hostOption.ts';
import { leaseOption } from './leaseOption.ts';
import { addLifeCommands } from './life/commands.ts';
import { EXIT, type Streams } from './outcome.ts';
import { version } from './version.ts';
import { addVmCommands } from './vm/commands.ts';

function milliseconds(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a number of milliseconds.');
}

function portNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value < 65536) return value;
  throw new InvalidArgumentError('It must be the number of a port.');
}

const streams: Streams = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/** Runs a command to its exit code; what the caller has to mend is told without a stack. */
async function finish(run: () => Promise<number> | number, json = false): Promise<void> {
  try {
    process.exitCode = await run();
  } catch (error) {
    process.exitCode = (await import('./problems.ts')).tell(error, { json, ...streams });
  }
}

async function runCreate(id: string | undefined, options: Omit<CreateArguments, 'id'> & { json?: boolean }) {
  const { create } = await import('./create.ts');
  const report = await (await import('./report.ts')).reportFor({
    json: options.json === true,
    host: hostNameOf(options.host),
    streams: process,
  });
  await finish(() => create({ ...options, id }, report), options.json);
}

export const program = new Command('slipway')
  .description('Creates Windows containers through the Host Compute Service, and leaves nothing behind.')
  .version(version(), '-V, --version', 'the version of slipway')
  .option('--no-color', 'no colours (NO_COLOR in the environment does the same)')
  .showHelpAfterError('(slipway --help shows what there is)')
  .addHelpText('after', help.PROGRAM)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.done : EXIT.badInput));

/** The options that say what is to be created, and where. */
function commandOnSpec(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('[id]', "the container's id (default: the name of the bundle, or a new GUID)")
    .option('--bundle <dir>', 'an OCI bundle: a folder with a config.json')
    .option('--spec <file>', 'an OCI runtime spec')
    .option('--rootfs <file>', 'the mount of the root file system that containerd hands to a shim, as JSON')
    .option('--owner <name>', 'the Owner of the compute system')
    .option('--netns <guid>', 'an HCN namespace to join (default: windows.network.networkNamespace of the spec)')
    .option(
      '--vm <which>',
      'run it in a utility VM: windows or linux makes one, ID-vm; else the id of one that is there',
    )
    .option('--scale-cpu-limits', 'the processor limit was computed for the host: scale it to the processors of the VM')
    .option('--facts <file>', 'what the simulated host is like (default: facts.json in its folder)')
    .addOption(hostOption());
}

commandOnSpec('create', 'Provision a container from an OCI bundle or spec.')
  .option('--keep-on-failure', 'keep what was acquired when the create fails')
  .addOption(leaseOption())
  .option('--latency <ms>', 'how long every call to the simulated host takes', milliseconds)
  .option('--json', 'one JSON object a line')
  .addHelpText('after', help.CREATE)
  .action(runCreate);

addLifeCommands(
  program,
  commandOnSpec('run', 'Create a container, start it, and give it back when it has stopped.').option(
    '--latency <ms>',
    'how long every call to the simulated host takes',
    milliseconds,
  ),
  finish,
  streams,
);

commandOnSpec('plan', 'Show every step, the changes in order and the document, without touching a host.')
  .option('--show-secrets', 'do not redact the document')
  .option('--json', 'one JSON object')
  .addHelpText('after', help.PLAN)
  .action((id, options) =>
    finish(async () => (await import('./plan.ts')).plan({ ...options, id }, streams), options.json),
  );

commandOnSpec('document', 'Show only the document that HCS would get.')
  .option('--show-secrets', 'do not redact it')
  .addHelpText('after', help.DOCUMENT)
  .action((id, options) => finish(async () => (await import('./plan.ts')).document({ ...options, id }, streams)));

program
  .command('list')
  .alias('ls')
  .description('List the containers that slipway has made on a host and not given back.')
  .option('-a, --all', 'also those that have ended')
  .option('-q, --quiet', 'only their ids')
  .option('--json', 'one JSON array')
  .addOption(hostOption())
  .addHelpText('after', help.LIST)
  .action((options) => finish(async () => (await import('./list.ts')).list(options, streams), options.json));

program
  .command('state')
  .description('Show the state of a container as JSON (OCI runtime spec), and its resources.')
  .argument('<id>', 'the id of a container, or of its provision')
  .option('--json', 'on one line')
  .addOption(hostOption())
  .addHelpText('after', help.STATE)
  .action((id, options) => finish(async () => (await import('./state.ts')).state(id, options, streams), options.json));

program
  .command('release')
  .description('Give containers back: all that was acquired for them, but for the scratch, whose data is yours.')
  .argument('[ids...]', 'the ids of containers, or of their provisions')
  .option('-a, --all', 'everything that slipway has made on the host')
  .option('--json', 'one JSON object for each')
  .addOption(hostOption())
  .addHelpText('after', help.RELEASE)
  .action((ids, options) =>
    finish(async () => (await import('./release.ts')).release(ids, options, streams), options.json),
  );

addCleanupCommands(program, finish, streams);
addVmCommands(program, finish, streams);

program
  .command('graph')
  .description('Draw a statechart.')
  .argument(
    '[machine]',
    'createContainer, utilityVm, container, process, releaseResources or releaseResource',
    'createContainer',
  )
  .addOption(new Option('--format <format>', 'how').choices(['mermaid', 'svg', 'json']).default('mermaid'))
  .addOption(
    new Option('--detail <detail>', 'how much; default: calls, of an SVG steps').choices([
      'steps',
      'calls',
      'everything',
    ]),
  )
  .addHelpText('after', help.GRAPH)
  .action((machine, options) =>
    finish(async () => {
      (await import('./graph.ts')).graph(machine, options, streams.out);
      return EXIT.done;
    }),
  );

program
  .command('inspect')
  .description('Show runs on a page: where they stand, what they did, what is left of them.')
  .argument('[what]', 'a run file, or the id of a container, a VM or a provision')
  .option('--port <number>', 'the port on 127.0.0.1 (default: one that is free)', portNumber)
  .option('--json', 'print the URL as one JSON object')
  .addOption(hostOption())
  .addHelpText('after', help.INSPECT)
  .action((what, options) =>
    finish(async () => (await import('./inspect.ts')).inspect(what, options, streams), options.json),
  );

program
  .command('explain')
  .description('Say what a code of HCS, HCN, Win32, NTSTATUS or Slipway means, and what to do.')
  .argument('<code>', 'a number as logs print it, or a name')
  .option('--json', 'one JSON object')
  .addHelpText('after', help.EXPLAIN)
  .action((code, { json }) =>
    finish(async () => (await import('./explain.ts')).explain(code, json === true, streams.out), json),
  );

program
  .command('doctor')
  .description('See whether this machine has what slipway needs of a Windows host, and what will not work.')
  .option('--json', 'one JSON object')
  .addHelpText('after', help.DOCTOR)
  .action(({ json }) =>
    finish(async () => (await import('./doctor.ts')).doctor({ json: json === true }, streams), json),
  );

program
  .command('complete')
  .description('Print a completion script for a shell.')
  .argument('<shell>', 'bash, zsh, fish or powershell')
  .addHelpText('after', help.COMPLETE);
