/** What is made and granted on the host before a VM is created. */
import { vmId } from '../../domain/ids.ts';
import type { Resource } from '../../domain/resource.ts';
import type { VmPreparation } from '../../domain/vmPreparation.ts';
import type { ValidatedInput } from '../../machines/utilityVm/contract.ts';
import type { Run } from '../run.ts';

const STEP = 'preparing';

async function prepareOne(run: Run, preparation: VmPreparation): Promise<void> {
  const { files, vmAccess } = run.host;
  switch (preparation.action) {
    case 'createFolder': {
      const { path, made } = preparation;
      const folder: Resource<'scratchFolder'> = { kind: 'scratchFolder', path, made };
      return run.acquire(STEP, 'files.createFolder', folder, (intent) => files.createFolder(intent));
    }
    case 'copyFile': {
      const { from, to, until } = preparation;
      const file: Resource<'vmFile'> = { kind: 'vmFile', path: to, ...(until === 'kept' ? { kept: true } : {}) };
      return run.acquire(STEP, 'files.copy', file, (intent) => files.copy(intent, from));
    }
    case 'grantGroupAccess': {
      const access: Resource<'vmGroupAccess'> = { kind: 'vmGroupAccess', path: preparation.path };
      return run.acquire(STEP, 'vmAccess.grantGroup', access, (intent) => vmAccess.grantGroup(intent));
    }
    case 'grantVmAccess': {
      const { vmId: id, path } = preparation;
      const access: Resource<'vmAccess'> = { kind: 'vmAccess', vm: vmId(id), path, part: 'rest' };
      return run.acquire(STEP, 'vmAccess.grant', access, (intent) => vmAccess.grant(intent));
    }
  }
}

export async function prepareHost(run: Run, { validated }: ValidatedInput): Promise<void> {
  for (const preparation of validated.preparations) await prepareOne(run, preparation);
}
