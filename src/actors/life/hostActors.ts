import type { ContainerRef } from '../../machines/container/contract.ts';
import { INIT } from '../../machines/container/started.ts';
import { process } from '../../machines/process/machine.ts';
import { inRun } from '../inRun.ts';
import type { Runs } from '../run.ts';
import { processActorsOn, signalProcess } from './processes.ts';
import type { ProcessTable } from './processTable.ts';
import { systemActorsOn } from './systems.ts';

/** A process whose actors work on the host. */
export function processOn(runs: Runs, table: ProcessTable) {
  return process.provide({ actors: processActorsOn(runs, table) });
}

/** The actors of the life of a container, without the one that gives it back: that is the work of its run. */
export function lifeActorsOn(runs: Runs, table: ProcessTable) {
  return {
    ...systemActorsOn(runs),
    signalInit: inRun<ContainerRef & { readonly signal: string | number }, void>(runs, 'stopping', async (run, ref) => {
      const init = { ...ref, key: INIT };
      const open = table.find(init);
      if (open !== undefined) await signalProcess(run, init, open, ref.signal);
    }),
    process: processOn(runs, table),
  };
}
