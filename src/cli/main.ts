#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander';
import type { CreateArguments } from './create.ts';
import { EXIT } from './outcome.ts';

function milliseconds(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a number of milliseconds.');
}

const EXAMPLES = `
Examples:
  slipway create --bundle examples/web --facts examples/web-host.json
  slipway create --spec config.json --json web-1

Exit codes: 0 created, 1 failed and rolled back, 2 bad input, 130 interrupted and rolled back.`;

async function runCreate(id: string | undefined, options: Omit<CreateArguments, 'id'> & { json?: boolean }) {
  const { create } = await import('./create.ts');
  const out = (text: string) => void process.stdout.write(text);
  const report = options.json
    ? (await import('./json.ts')).jsonReport(out)
    : (await import('./lines.ts')).lineReport({ out, err: (text) => void process.stderr.write(text) });
  process.exitCode = await create({ ...options, id }, report);
}

const program = new Command('slipway')
  .description('Creates Windows containers through the Host Compute Service, and leaves nothing behind.')
  .showHelpAfterError('(slipway --help shows what there is)')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.done : EXIT.badInput));

program
  .command('create')
  .description('Provision a container from an OCI bundle or spec.')
  .argument('[id]', "the container's id (default: the name of the bundle, or a new GUID)")
  .option('--bundle <dir>', 'a folder with a config.json')
  .option('--spec <file>', 'an OCI runtime spec')
  .option('--owner <name>', 'the Owner of the compute system')
  .option('--netns <guid>', 'an HCN namespace to join instead of making one')
  .option('--keep-on-failure', 'keep what was acquired when the create fails')
  .option('--host <host>', 'the host: simulated', 'simulated')
  .option('--facts <file>', 'what the simulated host is like: files, endpoints, build, processors')
  .option('--latency <ms>', 'how long every call to the simulated host takes', milliseconds)
  .option('--json', 'one JSON object a line')
  .addHelpText('after', EXAMPLES)
  .action(runCreate);

await program.parseAsync();
