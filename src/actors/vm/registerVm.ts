import { vmId } from '../../domain/ids.ts';
import type { VmTraits } from '../../domain/utilityVm.ts';
import type { VmAttachments } from '../../vm/attachments.ts';
import type { Run, Runs } from '../run.ts';

/** Notes a VM that has started, with what it has attached, for all that put containers into it. */
export async function registerVm(run: Run, runs: Runs, traits: VmTraits, attachments: VmAttachments): Promise<void> {
  await run.vms.open(vmId(traits.id), { traits, attachments, unsettled: [] });
  await runs.dependencies.store.append(run.id, { type: 'vm.started', traits });
}
