/** The steps before anything is acquired: they read the host, and nothing else. */
import type { LayerDescriptor } from '../domain/allocations.ts';
import type { HostEvidence, HostFacts } from '../domain/host.ts';
import { vmId } from '../domain/ids.ts';
import type { CreateRequest, Settings } from '../domain/request.ts';
import type { StepName } from '../domain/step.ts';
import type { VmTraits } from '../domain/utilityVm.ts';
import type { Validated } from '../machines/createContainer/contract.ts';
import { parseDeviceExtension } from '../oci/deviceExtensions.ts';
import { hasOwnVm, utilityVmImage } from '../oci/hyperv.ts';
import { parentLayers } from '../oci/layers.ts';
import { planSteps } from '../oci/plan.ts';
import { settingsOf } from '../oci/settings.ts';
import { type OciSpec, parseSpec } from '../oci/spec.ts';
import { evidenceNeeded, isFollowUp, validateRequest } from '../oci/validate.ts';
import { lookAt } from './evidence.ts';
import { refuse } from './findings.ts';
import { layerNameOf } from './paths.ts';
import type { Run, Runs } from './run.ts';

export async function initialize(run: Run, runs: Runs, request: CreateRequest) {
  const facts = await run.step('initializing', 'facts', 'the host', () => run.host.facts());
  const vm = await vmNamedIn(run, request);
  return { facts, settings: settingsOf(request, facts, { ...runs.dependencies, ...(vm === undefined ? {} : { vm }) }) };
}

/** undefined when the request names none, or one that nobody knows: then the validation says so. */
async function vmNamedIn(run: Run, { vm }: CreateRequest): Promise<VmTraits | undefined> {
  if (typeof vm !== 'string' || vm === '') return undefined;
  return (await run.vms.read(vmId(vm)))?.traits;
}

async function gatherEvidence(
  run: Run,
  spec: OciSpec,
  { request, settings }: Pick<ValidateInput, 'request' | 'settings'>,
): Promise<HostEvidence> {
  const needed = evidenceNeeded(spec, request, settings);
  const paths = await lookAt(run, 'validating', needed.paths);
  const contents: Record<string, string> = {};
  for (const path of new Set(needed.contents)) {
    if (paths[path] !== 'file') continue;
    contents[path] = await run.step('validating', 'files.read', path, () => run.host.files.read(path));
  }
  return { paths, contents };
}

/** The parents of the scratch, with the ids under which the host knows them. */
async function describeLayers(run: Run, step: StepName, folders: readonly string[]): Promise<LayerDescriptor[]> {
  const layers: LayerDescriptor[] = [];
  for (const path of folders) {
    const name = layerNameOf(path);
    layers.push({ id: await run.step(step, 'layers.nameToGuid', name, () => run.host.layers.nameToGuid(name)), path });
  }
  return layers;
}

interface ValidateInput {
  readonly request: CreateRequest;
  readonly settings: Settings;
  readonly facts: HostFacts;
}

/** @throws {Failure} with every finding, before anything is acquired. */
export async function validate(run: Run, { request, settings, facts }: ValidateInput): Promise<Validated> {
  const { spec, findings: malformed } = parseSpec(request.spec);
  const evidence = await gatherEvidence(run, spec, { request, settings });
  const { findings, warnings } = validateRequest({ request, spec, settings, facts, evidence });
  const wrong = [...malformed, ...findings.filter((finding) => !isFollowUp(finding, malformed))];
  if (wrong.length > 0) refuse(wrong);
  const layers = await describeLayers(run, 'validating', parentLayers(spec));
  const { contents } = evidenceNeeded(spec);
  const deviceExtensions = contents.map((path) => parseDeviceExtension(evidence.contents[path] ?? '') ?? {});
  const image = hasOwnVm(spec, settings) ? utilityVmImage(spec, evidence) : undefined;
  const allocated = { layers, deviceExtensions, ...(image === undefined ? {} : { utilityVmImage: image }) };
  return { spec, plan: planSteps(spec, settings), warnings, allocated };
}
