import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { isContainerRun, isOpen, isVmRun, type RunSummary, summarize } from '../journal/runSummary.ts';
import { openHost } from './hosts.ts';

type Complete = (value: string, description: string) => void;

function offerHosts(complete: Complete): void {
  complete('windows', 'this machine');
  complete('simulated', "the one in the user's state directory");
  complete('simulated:memory', 'one that ends with the command');
}

interface OpenIds {
  readonly containers: readonly string[];
  readonly vms: readonly string[];
  readonly residue: readonly string[];
  readonly held: readonly string[];
}

/** What slipway has made on the host that the environment chooses. */
async function openIds(): Promise<OpenIds> {
  try {
    const { journal } = openHost({ host: process.env.SLIPWAY_HOST ?? 'simulated' });
    const open = (await summarize(journal)).runs.filter(isOpen);
    const idsOf = (runs: readonly RunSummary[]) => runs.map(({ containerId }) => containerId);
    return {
      containers: idsOf(open.filter(isContainerRun)),
      vms: idsOf(open.filter(isVmRun)),
      residue: open.flatMap(({ resources }) =>
        resources.filter(({ state }) => state === 'residue').map(({ id }) => id),
      ),
      held: idsOf(open.filter(({ status }) => status === 'held')),
    };
  } catch {
    return { containers: [], vms: [], residue: [], held: [] };
  }
}

/** Commands whose first argument is the id of a container. */
const ON_ONE_CONTAINER = [
  'state',
  'start',
  'exec',
  'kill',
  'stop',
  'pause',
  'resume',
  'update',
  'ps',
  'stats',
  'logs',
  'wait',
  'events',
] as const;

/** Adds `slipway complete SHELL`, and what the script that it prints calls back. */
export async function addCompletion(program: Command): Promise<void> {
  const commands = program.commands as Command[];
  commands.splice(
    commands.findIndex((command) => command.name() === 'complete'),
    1,
  );
  const completion = tab(program);
  const { containers, vms, residue, held } = await openIds();
  const offer = (ids: readonly string[], what: string) => (complete: Complete) => {
    for (const id of ids) complete(id, what);
  };
  const container = offer(containers, 'a container on the host');
  for (const name of ON_ONE_CONTAINER) completion.commands.get(name)?.argument('id', container);
  completion.commands.get('release')?.argument('ids', container, true);
  completion.commands.get('delete')?.argument('ids', container, true);
  const left = offer(residue, 'could not be released');
  completion.commands.get('residue retry')?.argument('id', left);
  completion.commands.get('residue waive')?.argument('id', left);
  completion.commands.get('held release')?.argument('ids', offer(held, 'kept after its create failed'), true);
  const vm = offer(vms, 'a utility VM on the host');
  completion.commands.get('vm state')?.argument('id', vm);
  completion.commands.get('vm delete')?.argument('id', vm);
  for (const { options } of completion.commands.values()) {
    const host = options.get('host');
    if (host !== undefined) host.handler = offerHosts;
  }
}
