import type { Settings } from '../domain/request.ts';
import { STEPS, type StepName, type StepPlan } from '../domain/step.ts';
import { isNamedPipe } from './mounts.ts';
import { gmsaCredentialSpec } from './resources.ts';
import type { OciSpec } from './spec.ts';

const NO_VM = 'there is no hosting VM';

function networkingSkipped(spec: OciSpec, settings: Settings): string | undefined {
  if (spec.windows?.network === undefined) return 'the spec has no windows.network';
  return settings.schema === 'v1' ? 'schema 1.0 has no namespaces: the endpoints go into the document' : undefined;
}

function resolvingSkipped(spec: OciSpec): string | undefined {
  const mounts = spec.mounts ?? [];
  if (mounts.length === 0) return 'the spec has no mounts';
  return mounts.every(({ source }) => isNamedPipe(source ?? '')) ? 'all mounts are named pipes' : undefined;
}

function credentialsSkipped(spec: OciSpec, settings: Settings): string | undefined {
  if (gmsaCredentialSpec(spec) === undefined) return 'the spec has no credential spec';
  return settings.schema === 'v1' ? 'schema 1.0 takes the credential spec in the document' : undefined;
}

/** Why a step does not apply; undefined when it does. */
function skipReason(step: StepName, spec: OciSpec, settings: Settings): string | undefined {
  switch (step) {
    case 'installingDrivers':
    case 'reinstallingDrivers':
      return `${NO_VM} to install drivers in`;
    case 'assigningDevices':
      return `${NO_VM}: process isolation names its devices in the document`;
    case 'networking':
      return networkingSkipped(spec, settings);
    case 'mountingLayers':
      return (spec.root?.path ?? '') === '' ? undefined : 'root.path is given: the layers are mounted already';
    case 'resolvingMounts':
      return resolvingSkipped(spec);
    case 'creatingCredentials':
      return credentialsSkipped(spec, settings);
    default:
      return undefined;
  }
}

/** What becomes of every step, in their order: it applies, or the reason why it does not. */
export function planSteps(spec: OciSpec, settings: Settings): readonly StepPlan[] {
  return STEPS.map((step): StepPlan => {
    const reason = skipReason(step, spec, settings);
    return reason === undefined ? { step, applies: true } : { step, applies: false, reason };
  });
}
