/** A host and its records in a folder, which processes share that come and go. */
import { join } from 'node:path';
import { keptSimulatedHost } from '../../src/hcs/simulated/kept/keptHost.ts';
import { fileLedgerStore, fileVmStore } from '../../src/index.ts';
import type { Case } from './case.ts';
import { describeHost, optionsOf } from './runCase.ts';

export function stageIn(folder: string, one: Case) {
  return {
    ...optionsOf(one),
    host: keptSimulatedHost(join(folder, 'host'), describeHost(one)),
    journal: fileLedgerStore(join(folder, 'runs')),
    vms: fileVmStore(join(folder, 'vms')),
  };
}
