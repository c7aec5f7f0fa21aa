/** The compute system of a VM: made, started, and its guest told what it has to know. */
import { referenceInfoPath, vmFollowUps } from '../../documents/vm/securityPolicy.ts';
import { vmDocument } from '../../documents/vm/vmDocument.ts';
import { type VmId, vmId } from '../../domain/ids.ts';
import type { Resource } from '../../domain/resource.ts';
import type { UtilityVmOptions } from '../../domain/utilityVm.ts';
import { VM_DEFAULTS } from '../../domain/vmRequest.ts';
import type { SystemHandle } from '../../hcs/port.ts';
import type { ValidatedInput } from '../../machines/utilityVm/contract.ts';
import { defaultBootFolder } from '../../oci/vm/bootFiles.ts';
import { vmTraits } from '../../oci/vm/traits.ts';
import type { Run, Runs } from '../run.ts';
import { refuseTaken } from '../takenId.ts';
import { attachmentsOf } from './attachments.ts';
import { registerVm } from './registerVm.ts';

export function buildVmDocument({ validated: { options, imageLayer }, ground: { facts } }: ValidatedInput): object {
  return options.guest === 'windows' ? vmDocument({ options, facts, imageLayer }) : vmDocument({ options, facts });
}

export async function createVm(run: Run, { validated }: ValidatedInput, document: object): Promise<void> {
  const id = vmId(validated.options.id);
  await refuseTaken(run, 'creating', id);
  const resource: Resource<'utilityVm'> = { kind: 'utilityVm', id };
  const handles = run.handlesOf(id);
  await run.acquire('creating', 'compute.create', resource, async (intent) => {
    handles.push(await run.host.compute.create(intent, document));
  });
}

function handleTo(run: Run, id: VmId): SystemHandle {
  const handle = run.handlesOf(id).at(-1);
  if (handle === undefined) throw new RangeError(`the run has no handle to the utility VM ${id}`);
  return handle;
}

export async function startVm(run: Run, { validated }: ValidatedInput): Promise<void> {
  const id = vmId(validated.options.id);
  const handle = handleTo(run, id);
  await run.step('starting', 'compute.start', id, () => run.host.compute.start(handle));
}

/** The signed information about the boot files, in base64; undefined when there is none. */
async function referenceInfoOf(run: Run, runs: Runs, { validated, ground }: ValidatedInput) {
  const { vmDefaults = VM_DEFAULTS } = runs.dependencies;
  if (validated.options.guest === 'windows') return undefined;
  const path = referenceInfoPath(validated.options, defaultBootFolder(vmDefaults.bootFolders, ground.bootEvidence));
  if (path === undefined) return undefined;
  const { files } = run.host;
  const step = 'configuringGuest';
  if ((await run.step(step, 'files.stat', path, () => files.stat(path))) !== 'file') return undefined;
  const size = await run.step(step, 'files.size', path, () => files.size(path));
  const bytes = await run.step(step, 'files.readBytes', path, () => files.readBytes(path, 0, size));
  return Buffer.from(bytes).toString('base64');
}

async function tellGuest(run: Run, options: UtilityVmOptions, referenceInfo: string | undefined): Promise<void> {
  const vm = vmId(options.id);
  for (const request of vmFollowUps(options, referenceInfo)) {
    const attachment: Resource<'vmAttachment'> = { kind: 'vmAttachment', vm, what: 'security policy', part: 'rest' };
    await run.acquire('configuringGuest', 'guest.attach', attachment, (intent) =>
      run.host.guest.attach(intent, request),
    );
  }
}

export async function configureGuest(run: Run, runs: Runs, input: ValidatedInput): Promise<void> {
  const { options } = input.validated;
  await tellGuest(run, options, await referenceInfoOf(run, runs, input));
  await registerVm(run, runs, vmTraits(options, input.ground.facts), attachmentsOf(options, input.ground.facts));
}
