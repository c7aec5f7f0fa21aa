#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CreateArguments } from './create.ts';
import { BadInput } from './input.ts';
import { EXIT } from './outcome.ts';

function milliseconds(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a number of milliseconds.');
}

const CREATE_HELP = `
The simulated host lives as long as the command.

Examples:
  slipway create --bundle examples/web --facts examples/web-host.json
  slipway create --spec config.json --json web-1

Exit codes: 0 created, 1 failed and rolled back, 2 bad input, 130 interrupted and rolled back.`;

const PLAN_HELP = `
Examples:
  slipway plan --bundle examples/web
  slipway document --bundle examples/web | jq .Container.Storage`;

const EXPLAIN_HELP = `
Hexadecimal is 0x80370110, 80370110h, or digits with a letter among them (c0370106). Digits alone are decimal, signed or
not; only eight of them that begin with 8 are read as hexadecimal. A number of 16 bits is an error of Win32.

Examples:
  slipway explain 0x80370110
  slipway explain -1070137082
  slipway explain 1450
  slipway explain HCS_E_SYSTEM_NOT_FOUND`;

const out = (text: string): void => void process.stdout.write(text);
const err = (text: string): void => void process.stderr.write(text);

/** Runs a command; what the caller has to mend ends it with 2. */
async function finish(run: () => Promise<number> | number): Promise<void> {
  try {
    process.exitCode = await run();
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    (await import('./lines.ts')).lineReport({ out, err }).refused(error);
    process.exitCode = EXIT.badInput;
  }
}

async function runCreate(id: string | undefined, options: Omit<CreateArguments, 'id'> & { json?: boolean }) {
  const { create } = await import('./create.ts');
  const report = options.json
    ? (await import('./json.ts')).jsonReport(out)
    : (await import('./lines.ts')).lineReport({ out, err });
  process.exitCode = await create({ ...options, id }, report);
}

const program = new Command('slipway')
  .description('Creates Windows containers through the Host Compute Service, and leaves nothing behind.')
  .showHelpAfterError('(slipway --help shows what there is)')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.done : EXIT.badInput));

/** The options that say what is to be created. */
function commandOnSpec(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('[id]', "the container's id (default: the name of the bundle, or a new GUID)")
    .option('--bundle <dir>', 'a folder with a config.json')
    .option('--spec <file>', 'an OCI runtime spec')
    .option('--owner <name>', 'the Owner of the compute system')
    .option('--netns <guid>', 'an HCN namespace to join instead of making one')
    .option('--facts <file>', 'what the simulated host is like (default: it has what the spec points at)');
}

commandOnSpec('create', 'Provision a container from an OCI bundle or spec.')
  .option('--keep-on-failure', 'keep what was acquired when the create fails')
  .option('--host <host>', 'the host: simulated', 'simulated')
  .option('--latency <ms>', 'how long every call to the simulated host takes', milliseconds)
  .option('--json', 'one JSON object a line')
  .addHelpText('after', CREATE_HELP)
  .action(runCreate);

commandOnSpec('plan', 'Show every step, the changes in order and the document, without touching a host.')
  .option('--show-secrets', 'do not redact the document')
  .option('--json', 'one JSON object')
  .addHelpText('after', PLAN_HELP)
  .action((id, options) => finish(async () => (await import('./plan.ts')).plan({ ...options, id }, out, err)));

commandOnSpec('document', 'Show only the document that HCS would get.')
  .option('--show-secrets', 'do not redact it')
  .addHelpText('after', PLAN_HELP)
  .action((id, options) => finish(async () => (await import('./plan.ts')).document({ ...options, id }, out, err)));

program
  .command('graph')
  .description('Draw a statechart.')
  .argument('[machine]', 'createContainer, releaseResources or releaseResource', 'createContainer')
  .addOption(new Option('--format <format>', 'how').choices(['mermaid', 'json']).default('mermaid'))
  .addOption(new Option('--detail <detail>', 'how much').choices(['steps', 'calls', 'everything']).default('calls'))
  .action((machine, options) =>
    finish(async () => {
      (await import('./graph.ts')).graph(machine, options, out);
      return EXIT.done;
    }),
  );

program
  .command('explain')
  .description('Say what a code of HCS, HCN, Win32 or NTSTATUS means, and what to do.')
  .argument('<code>', 'a number as logs print it, or a name')
  .option('--json', 'one JSON object')
  .addHelpText('after', EXPLAIN_HELP)
  .action((code, { json }) => finish(async () => (await import('./explain.ts')).explain(code, json === true, out)));

await program.parseAsync();
