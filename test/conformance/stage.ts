/** A host and its records in a folder, which processes share that come and go. */
import { join } from 'node:path';
import { keptSimulatedHost } from '../../src/hcs/simulated/kept/keptHost.ts';
import { fileLedgerStore, fileVmStore } from '../../src/index.ts';
import type { CrashSubject } from './subjects.ts';

export function stageIn(folder: string, { host, options }: CrashSubject) {
  return {
    ...options,
    host: keptSimulatedHost(join(folder, 'host'), host),
    journal: fileLedgerStore(join(folder, 'runs')),
    vms: fileVmStore(join(folder, 'vms')),
  };
}
