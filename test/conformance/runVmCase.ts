/** What we make of a recorded case of a utility VM, without a host. */

import type { VmDocumentInput } from '../../src/documents/vm/input.ts';
import { vmPreparations } from '../../src/documents/vm/preparations.ts';
import { vmFollowUps } from '../../src/documents/vm/securityPolicy.ts';
import { vmDocument } from '../../src/documents/vm/vmDocument.ts';
import type { Finding } from '../../src/domain/finding.ts';
import type { HostEvidence } from '../../src/domain/host.ts';
import type { UtilityVmOptions, VmTraits } from '../../src/domain/utilityVm.ts';
import type { VmPreparation } from '../../src/domain/vmPreparation.ts';
import { parseSpec } from '../../src/oci/spec.ts';
import { bootEvidenceNeeded } from '../../src/oci/vm/bootFiles.ts';
import { locateImageLayer, vmEvidenceNeeded } from '../../src/oci/vm/evidence.ts';
import { type VmContext, vmOptionsOf } from '../../src/oci/vm/options.ts';
import { type PodVm, podVm } from '../../src/oci/vm/pod.ts';
import { vmTraits } from '../../src/oci/vm/traits.ts';
import { atOption, validateVm } from '../../src/oci/vm/validate.ts';
import type { Effect } from '../../src/testing/index.ts';
import { contextOf, inOurWords, type VmCase } from './vmCase.ts';

export interface VmCaseRun {
  readonly options: UtilityVmOptions | undefined;
  readonly findings: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** Of a request without findings. */
  readonly made?: {
    readonly document: object;
    readonly effects: readonly Effect[];
    readonly filesCreated: readonly string[];
    readonly traits: VmTraits;
  };
}

/** Only what was asked for, so that a path that is not asked for shows as one that is not there. */
function only(evidence: HostEvidence, asked: readonly string[]): HostEvidence {
  return { ...evidence, paths: Object.fromEntries(asked.map((path) => [path, evidence.paths[path] ?? 'missing'])) };
}

function requested({ request }: VmCase, context: VmContext): PodVm {
  if ('podSpec' in request) {
    const { podSpec, ...rest } = request;
    const { spec, findings } = parseSpec(podSpec);
    const pod = podVm({ ...rest, spec }, context);
    return { ...pod, findings: [...findings, ...pod.findings] };
  }
  const options = vmOptionsOf(inOurWords(request.type, request.options), context);
  return { options, at: atOption, findings: [], warnings: [] };
}

function documentInput(options: UtilityVmOptions, { facts }: VmContext, evidence: HostEvidence): VmDocumentInput {
  if (options.guest === 'linux') return { options, facts };
  const imageLayer = locateImageLayer(options, evidence);
  if (imageLayer === undefined) throw new Error('the findings should have said that there is no layer to boot from');
  return { options, facts, imageLayer };
}

/** The order on the host: preparations, create, start, and what the guest is then told. */
function effectsOf(options: UtilityVmOptions, preparations: readonly VmPreparation[], document: object): Effect[] {
  const grants = preparations.flatMap((preparation): Effect[] => {
    if (preparation.action === 'grantGroupAccess') {
      return [{ effect: 'vm.grantGroupAccess', path: preparation.path, mask: '0x10000000' }];
    }
    if (preparation.action !== 'grantVmAccess') return [];
    return [{ effect: 'vm.grantAccess', vmId: preparation.vmId, path: preparation.path }];
  });
  return [
    ...grants,
    { effect: 'system.create', id: options.id, document },
    { effect: 'system.start', system: options.id },
    ...vmFollowUps(options).map((request) => ({ effect: 'system.modify', system: options.id, request })),
  ];
}

function filesOf(preparations: readonly VmPreparation[]): readonly string[] {
  return preparations.flatMap((preparation) => {
    if (preparation.action === 'createFolder') return [`${preparation.path}\\`];
    return preparation.action === 'copyFile' ? [preparation.to] : [];
  });
}

export function runVmCase(one: VmCase): VmCaseRun {
  const whole = contextOf(one.request.host);
  const context = { ...whole, evidence: only(whole.evidence, bootEvidenceNeeded(whole.bootFolders)) };
  const { options, at, ...about } = requested(one, context);
  if (options === undefined) return { options, ...about };
  const evidence = only(whole.evidence, vmEvidenceNeeded(options));
  const judged = validateVm({ options, facts: context.facts, evidence, at });
  const findings = [...about.findings, ...judged.findings];
  const warnings = [...about.warnings, ...judged.warnings];
  if (findings.length > 0) return { options, findings, warnings };
  const document = vmDocument(documentInput(options, context, evidence));
  const preparations = vmPreparations(options, evidence);
  const effects = effectsOf(options, preparations, document);
  const made = { document, effects, filesCreated: filesOf(preparations), traits: vmTraits(options, context.facts) };
  return { options, findings, warnings, made };
}
