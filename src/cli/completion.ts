import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { isContainerRun, isOpen, summarize } from '../journal/runSummary.ts';
import { openHost } from './hosts.ts';

type Complete = (value: string, description: string) => void;

/** The containers of the host that the environment chooses. */
async function openIds(): Promise<readonly string[]> {
  try {
    const { journal } = openHost({ host: process.env.SLIPWAY_HOST ?? 'simulated' });
    return (await summarize(journal)).runs
      .filter(isContainerRun)
      .filter(isOpen)
      .map(({ containerId }) => containerId);
  } catch {
    return [];
  }
}

/** Adds `slipway complete SHELL`, and what the script that it prints calls back. */
export async function addCompletion(program: Command): Promise<void> {
  const commands = program.commands as Command[];
  commands.splice(
    commands.findIndex((command) => command.name() === 'complete'),
    1,
  );
  const completion = tab(program);
  const ids = await openIds();
  const offer = (complete: Complete): void => {
    for (const id of ids) complete(id, 'a container on the host');
  };
  completion.commands.get('state')?.argument('id', offer);
  completion.commands.get('release')?.argument('ids', offer, true);
}
