/** From the request for a VM to its options: pure, with what was read of the host. */
import type { Finding } from '../../domain/finding.ts';
import type { UtilityVmOptions } from '../../domain/utilityVm.ts';
import { type CreateVmRequest, isPodVm, VM_DEFAULTS } from '../../domain/vmRequest.ts';
import type { VmGround } from '../../machines/utilityVm/contract.ts';
import { parseSpec } from '../../oci/spec.ts';
import { bootEvidenceNeeded } from '../../oci/vm/bootFiles.ts';
import type { VmCheckInput } from '../../oci/vm/checks/input.ts';
import { type VmContext, vmOptionsOf } from '../../oci/vm/options.ts';
import { podVm } from '../../oci/vm/pod.ts';
import { parseVmRequest } from '../../oci/vm/request.ts';
import { atOption } from '../../oci/vm/validate.ts';
import type { ActorDependencies } from '../run.ts';

/** Every option that could be read, and what is wrong with the rest. */
export interface AskedVm {
  /** Undefined when it is not even known which kind of VM is meant. */
  readonly options: UtilityVmOptions | undefined;
  readonly at: VmCheckInput['at'];
  readonly findings: readonly Finding[];
  readonly warnings: readonly Finding[];
}

export function contextOf(ground: VmGround, { owner, vmDefaults = VM_DEFAULTS }: ActorDependencies): VmContext {
  const { id, facts, bootEvidence } = ground;
  return { ...vmDefaults, facts, evidence: bootEvidence, owner, newId: () => id };
}

/** The paths that decide about the boot files of a VM; a Windows VM has none. */
export function bootPathsOf(request: CreateVmRequest, { vmDefaults = VM_DEFAULTS }: ActorDependencies) {
  const isLinux = isPodVm(request) ? parseSpec(request.podSpec).spec.linux !== undefined : request.guest === 'linux';
  return isLinux ? bootEvidenceNeeded(vmDefaults.bootFolders) : [];
}

/** What `request` asks for, with every default filled in. */
export function askedVm(request: CreateVmRequest, context: VmContext): AskedVm {
  if (!isPodVm(request)) {
    const { request: parsed, findings } = parseVmRequest(request);
    return { options: parsed && vmOptionsOf(parsed, context), at: atOption, findings, warnings: [] };
  }
  const { podSpec, id = '', owner = '', bundle = '', shimOptions, lifetime = 'process' } = request;
  const { spec, findings } = parseSpec(podSpec);
  const pod = podVm({ spec, id, owner, bundle, ...(shimOptions === undefined ? {} : { shimOptions }) }, context);
  return { ...pod, options: pod.options && { ...pod.options, lifetime }, findings: [...findings, ...pod.findings] };
}
