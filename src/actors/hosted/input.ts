import type { Allocations, HostedAllocations } from '../../domain/allocations.ts';
import { type VmId, vmId } from '../../domain/ids.ts';
import type { VmPart } from '../../domain/resource.ts';
import type { StepName } from '../../domain/step.ts';
import type { VmTraits } from '../../domain/utilityVm.ts';
import type { Allocated, PreparedInput } from '../../machines/createContainer/contract.ts';
import type { VmAttachments } from '../../vm/attachments.ts';
import { linuxContainerRoot } from '../../vm/guestPaths.ts';
import { Failure } from '../faults.ts';
import type { Run } from '../run.ts';
import type { Place } from '../vmAttachments.ts';

/** What a step in a VM works with. */
export interface HostedInput extends PreparedInput {
  readonly allocations: Allocations;
}

/** @throws {RangeError} for a container without a VM, whose plan has no such step */
export function traitsOf({ settings }: Pick<PreparedInput, 'settings'>): VmTraits {
  if (settings.vm === undefined) throw new RangeError('the container has no hosting VM');
  return settings.vm;
}

export function vmOf(input: Pick<PreparedInput, 'settings'>): VmId {
  return vmId(traitsOf(input).id);
}

/** What is known of the guest so far. */
export function hostedOf({ settings, allocations }: HostedInput): HostedAllocations {
  const root = settings.vm?.guest === 'linux' ? linuxContainerRoot(settings.id) : '';
  return allocations.hosted ?? { containerRoot: root, layers: [], mounts: [], devices: [] };
}

/** What is known of the guest, and what a step has found out now. */
export function learned(input: HostedInput, news: Partial<HostedAllocations>): Allocated {
  return { hosted: { ...hostedOf(input), ...news } };
}

export function placeFor(input: HostedInput, step: StepName, part: VmPart): (what: string) => Place {
  const vm = vmOf(input);
  return (what) => ({ step, vm, what, part });
}

type Count = (attachments: VmAttachments) => { readonly attachments: VmAttachments; readonly guestPath: string };

/** Takes the next number of a counter of the VM, as a path in the guest. @throws {Failure} when the VM has ended */
export async function nextPath(run: Run, input: HostedInput, step: StepName, count: Count): Promise<string> {
  const vm = vmOf(input);
  const path = await run.vms.change(vm, (record) => {
    const { attachments, guestPath } = count(record.attachments);
    return { record: { ...record, attachments }, value: guestPath };
  });
  if (path !== undefined) return path;
  throw new Failure({
    code: 'vm-gone',
    message: `VM ${vm} has ended`,
    hint: 'Make another VM, and create the container in that one.',
    step,
    transient: false,
    resource: { description: `utility VM ${vm}` },
  });
}
