import type { Command } from 'commander';
import { hostOption } from '../hostOption.ts';
import type { Streams } from '../outcome.ts';
import type { Finish } from '../vm/commands.ts';
import * as help from './help.ts';

const JSON_LINES = 'one JSON object for each';

function addRecover(program: Command, finish: Finish, streams: Streams): void {
  program
    .command('recover')
    .description('Finish what processes have left that are gone: nothing stays on the host that should not be there.')
    .option('--dry-run', 'only say what would be done')
    .option('--json', 'one JSON object for each run')
    .addOption(hostOption())
    .addHelpText('after', help.RECOVER)
    .action((options) => finish(async () => (await import('./recover.ts')).recover(options, streams), options.json));
}

function addResidue(program: Command, finish: Finish, streams: Streams): void {
  const residue = program.command('residue').description('What could not be released.');
  residue.addHelpText('after', help.RESIDUE);
  residue
    .command('list')
    .alias('ls')
    .description('List it, with the reason and what to do.')
    .option('--json', 'one JSON array')
    .addOption(hostOption())
    .addHelpText('after', help.RESIDUE_LIST)
    .action((options) =>
      finish(async () => (await import('./residue.ts')).listResidue(options, streams), options.json),
    );
  residue
    .command('retry')
    .description('Try again to release it.')
    .argument('[id]', 'the id of a residue, or of a container or VM (default: all residue)')
    .option('--json', JSON_LINES)
    .addOption(hostOption())
    .addHelpText('after', help.RESIDUE_RETRY)
    .action((id, options) =>
      finish(async () => (await import('./residue.ts')).retryResidue(id, options, streams), options.json),
    );
  residue
    .command('waive')
    .description('Take one residue off the list: it is yours from then on.')
    .argument('<id>', 'the id of a residue')
    .option('--json', 'one JSON object')
    .addOption(hostOption())
    .addHelpText('after', help.RESIDUE_WAIVE)
    .action((id, options) =>
      finish(async () => (await import('./residue.ts')).waiveResidue(id, options, streams), options.json),
    );
}

function addHeld(program: Command, finish: Finish, streams: Streams): void {
  const held = program.command('held').description('What failed creates were told to keep.');
  held.addHelpText('after', help.HELD);
  held
    .command('list')
    .alias('ls')
    .description('List it: why the create failed, until when it is kept, and how to look at it on the host.')
    .option('--json', 'one JSON array')
    .addOption(hostOption())
    .addHelpText('after', help.HELD_LIST)
    .action((options) => finish(async () => (await import('./held.ts')).listHeld(options, streams), options.json));
  held
    .command('release')
    .description('Give it back.')
    .argument('[ids...]', 'the ids of containers or VMs (default: all that is held)')
    .option('--json', JSON_LINES)
    .addOption(hostOption())
    .addHelpText('after', help.HELD_RELEASE)
    .action((ids, options) =>
      finish(async () => (await import('./held.ts')).releaseHeld(ids, options, streams), options.json),
    );
}

/** Adds the commands for people who have to clean up. */
export function addCleanupCommands(program: Command, finish: Finish, streams: Streams): void {
  addRecover(program, finish, streams);
  addResidue(program, finish, streams);
  addHeld(program, finish, streams);
}
