import type { Command } from 'commander';
import { keepingAlive } from '../../engine/life/alive.ts';
import { hostOption } from '../hostOption.ts';
import type { Streams } from '../outcome.ts';
import type { Finish } from '../vm/commands.ts';
import * as help from './help.ts';
import { bytes, count, factsOption, intervalOption, specOption, timeoutOption, variable } from './options.ts';

const ID = 'the id of a container, or of its provision';

/** What the commands are added to, and how they are run. */
interface Place {
  readonly program: Command;
  readonly finish: Finish;
  readonly streams: Streams;
}

function command({ program }: Place, name: string, description: string, helpText: string): Command {
  return program.command(name).description(description).addOption(hostOption()).addHelpText('after', helpText);
}

/** One that is about one container. */
function onContainer(place: Place, name: string, description: string, helpText: string): Command {
  return command(place, name, description, helpText).argument('<id>', ID).option('--json', 'for programs');
}

function addStart(place: Place): void {
  const { finish, streams } = place;
  onContainer(place, 'start', 'Start a container that was created.', help.START)
    .addOption(specOption())
    .addOption(factsOption())
    .action((id, options) =>
      finish(async () => (await import('./start.ts')).start(id, options, streams), options.json),
    );
}

function addExec(place: Place): void {
  const { finish, streams } = place;
  onContainer(place, 'exec', 'Run a process in a container.', help.EXEC)
    .argument('<command...>', 'what to run, after --')
    .option('-i, --interactive', 'pass on the input')
    .option('-t, --tty', 'with a terminal')
    .option('-e, --env <variable>', 'NAME=value, besides the variables of the container; again for more', variable)
    .option('-w, --cwd <dir>', 'the working directory')
    .option('-u, --user <user>', 'who runs it: a name for Windows, uid or uid:gid for Linux')
    .addOption(specOption())
    .addOption(factsOption())
    .action((id, words, options) =>
      finish(async () => (await import('./exec.ts')).exec(id, words, options, streams), options.json),
    );
}

function addSignals(place: Place): void {
  const { finish, streams } = place;
  const changes = () => import('./changes.ts');
  onContainer(place, 'kill', 'Send a signal to the first process of a container.', help.KILL)
    .argument('[signal]', 'a name or a number', 'TERM')
    .action((id, signal, options) =>
      finish(async () => (await changes()).kill(id, signal, options, streams), options.json),
    );
  onContainer(place, 'stop', 'Ask a container to end, and end it by force where it does not.', help.STOP)
    .option('--signal <signal>', 'what it is asked with', 'TERM')
    .addOption(timeoutOption())
    .action((id, options) => finish(async () => (await changes()).stop(id, options, streams), options.json));
  onContainer(place, 'pause', 'Pause a container.', help.PAUSE).action((id, options) =>
    finish(async () => (await changes()).pause(id, options, streams), options.json),
  );
  onContainer(place, 'resume', 'Let a paused container go on.', help.PAUSE).action((id, options) =>
    finish(async () => (await changes()).resume(id, options, streams), options.json),
  );
}

function addUpdate(place: Place): void {
  const { finish, streams } = place;
  onContainer(place, 'update', 'Give a container other limits.', help.UPDATE)
    .option('--memory <size>', 'bytes, or 512m', bytes)
    .option('--cpu-count <count>', 'processors', count)
    .option('--cpu-maximum <share>', 'ten-thousandths of their time', count)
    .option('--cpu-shares <weight>', 'its weight among others', count)
    .action((id, options) =>
      finish(async () => (await import('./changes.ts')).update(id, options, streams), options.json),
    );
}

function addLooking(place: Place): void {
  const { finish, streams } = place;
  const looking = () => import('./looking.ts');
  onContainer(place, 'ps', 'List the processes in a container.', help.PS).action((id, options) =>
    finish(async () => (await looking()).ps(id, options, streams), options.json),
  );
  onContainer(place, 'stats', 'Show what a container uses.', help.STATS)
    .addOption(intervalOption())
    .action((id, options) => finish(async () => (await looking()).stats(id, options, streams), options.json));
  onContainer(place, 'logs', 'Show what a container has written.', help.LOGS)
    .option('-f, --follow', 'go on until it has stopped')
    .action((id, options) => finish(async () => (await import('./logs.ts')).logs(id, options, streams), options.json));
  onContainer(place, 'wait', 'Wait until a container has stopped, and end with its exit code.', help.WAIT).action(
    (id, options) => finish(async () => (await import('./wait.ts')).wait(id, options, streams), options.json),
  );
  command(place, 'events', 'Show where containers stand, and every change of that.', help.EVENTS)
    .argument('[id]', `${ID} (default: all)`)
    .option('--json', 'one JSON object a line')
    .action((id, options) =>
      finish(async () => (await import('./events.ts')).events(id, options, streams), options.json),
    );
}

function addDelete(place: Place): void {
  const { finish, streams } = place;
  command(place, 'delete', 'Give back containers that have stopped, or never ran.', help.DELETE)
    .argument('<ids...>', 'the ids of containers, or of their provisions')
    .option('-f, --force', 'end what runs')
    .option('--json', 'one JSON object for each')
    .action((ids, options) =>
      finish(async () => (await import('./delete.ts')).deleteContainers(ids, options, streams), options.json),
    );
}

/**
 * Adds the commands of a container's life.
 * @param run `slipway run` with what says what is to be created, and where
 */
export function addLifeCommands(program: Command, run: Command, finish: Finish, streams: Streams): void {
  const alive: Finish = (work, json) => finish(() => keepingAlive(work), json);
  const place: Place = { program, finish: alive, streams };
  run
    .option('-d, --detach', 'leave it to a process of its own when it has started')
    .option('-i, --interactive', 'pass on the input')
    .option('-t, --tty', 'with a terminal, whatever the spec says')
    .option('--rm', 'give it back when it has stopped (as it is without --keep)')
    .option('--keep', 'what it was made from stays when it has stopped')
    .option('-q, --quiet', 'nothing but its output')
    .addOption(timeoutOption())
    .option('--json', 'one JSON object a line, on stdout')
    .addHelpText('after', help.RUN)
    .action((id, options) => alive(async () => (await import('./run.ts')).run({ ...options, id }, streams)));
  addStart(place);
  addExec(place);
  addSignals(place);
  addLooking(place);
  addUpdate(place);
  addDelete(place);
}
