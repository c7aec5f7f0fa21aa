/** The steps of a VM before anything is acquired: they read the host, and nothing else. */
import { vmPreparations } from '../../documents/vm/preparations.ts';
import type { Finding } from '../../domain/finding.ts';
import { type StepPlan, VM_STEPS } from '../../domain/step.ts';
import type { UtilityVmOptions } from '../../domain/utilityVm.ts';
import type { VmPreparation } from '../../domain/vmPreparation.ts';
import type { CreateVmRequest } from '../../domain/vmRequest.ts';
import type { ValidatedVm, VmGround } from '../../machines/utilityVm/contract.ts';
import type { VmCheckInput } from '../../oci/vm/checks/input.ts';
import { locateImageLayer, vmEvidenceNeeded } from '../../oci/vm/evidence.ts';
import { validateVm } from '../../oci/vm/validate.ts';
import { lookAt } from '../evidence.ts';
import { refuse } from '../findings.ts';
import type { Run, Runs } from '../run.ts';
import { askedVm, bootPathsOf, contextOf } from './options.ts';

export async function initializeVm(run: Run, { dependencies }: Runs, request: CreateVmRequest): Promise<VmGround> {
  const facts = await run.step('initializing', 'facts', 'the host', () => run.host.facts());
  const paths = await lookAt(run, 'initializing', bootPathsOf(request, dependencies));
  return { id: dependencies.newId(), facts, bootEvidence: { paths, contents: {} } };
}

function planOf(preparations: readonly VmPreparation[]): readonly StepPlan[] {
  return VM_STEPS.map((step) =>
    step === 'preparing' && preparations.length === 0
      ? { step, applies: false, reason: 'nothing has to be made or granted' }
      : { step, applies: true },
  );
}

interface ValidateVmInput {
  readonly request: CreateVmRequest;
  readonly ground: VmGround;
}

async function judged(run: Run, options: UtilityVmOptions, ground: VmGround, at: VmCheckInput['at']) {
  const evidence = { paths: await lookAt(run, 'validating', vmEvidenceNeeded(options)), contents: {} };
  return { evidence, ...validateVm({ options, facts: ground.facts, evidence, at }) };
}

/** @throws {Failure} with every finding, before anything is acquired. */
export async function validateVmRequest(run: Run, runs: Runs, input: ValidateVmInput): Promise<ValidatedVm> {
  const { ground, request } = input;
  const { options, at, ...asked } = askedVm(request, contextOf(ground, runs.dependencies));
  if (options === undefined) refuse(asked.findings);
  const { evidence, ...validation } = await judged(run, options, ground, at);
  const findings: readonly Finding[] = [...asked.findings, ...validation.findings];
  if (findings.length > 0) refuse(findings);
  const preparations = vmPreparations(options, evidence);
  return {
    options,
    imageLayer: options.guest === 'windows' ? (locateImageLayer(options, evidence) ?? '') : '',
    preparations,
    plan: planOf(preparations),
    warnings: [...asked.warnings, ...validation.warnings],
  };
}
