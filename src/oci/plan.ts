import type { Settings } from '../domain/request.ts';
import { STEPS, type StepName, type StepPlan } from '../domain/step.ts';
import { hasOwnVm } from './hyperv.ts';
import { kernelDriverPaths } from './kernelDrivers.ts';
import { isNamedPipe, mountKindOf } from './mounts.ts';
import { gmsaCredentialSpec } from './resources.ts';
import type { OciSpec } from './spec.ts';

type Skipped = (spec: OciSpec, settings: Settings) => string | undefined;

const NO_VM = 'there is no hosting VM';

const driversSkipped: Skipped = (spec, { vm }) => {
  if (vm === undefined) return `${NO_VM} to install drivers in`;
  return kernelDriverPaths(spec).length === 0 ? 'no kernel drivers are asked for' : undefined;
};

/** A Windows guest is made to look at its devices again; the drivers of a Linux guest find theirs by themselves. */
const reinstallingSkipped: Skipped = (spec, settings) => {
  const isLinux = settings.vm?.guest === 'linux';
  return driversSkipped(spec, settings) ?? (isLinux ? 'a Linux guest needs its drivers installed once' : undefined);
};

const networkingSkipped: Skipped = (spec, { schema }) => {
  if (spec.windows?.network === undefined) return 'the spec has no windows.network';
  return schema === 'v1' ? 'schema 1.0 has no namespaces: the endpoints go into the document' : undefined;
};

const scratchSkipped: Skipped = ({ linux }) =>
  linux === undefined ? undefined : 'the scratch of a Linux container is made by its caller';

const layersSkipped: Skipped = (spec, settings) => {
  if (settings.vm !== undefined) return undefined;
  if (hasOwnVm(spec, settings)) return 'HCS mounts the layers in the VM that it makes for the container';
  return (spec.root?.path ?? '') === '' ? undefined : 'root.path is given: the layers are mounted already';
};

const mountsSkipped: Skipped = (spec, { vm }) => {
  const mounts = spec.mounts ?? [];
  if (mounts.length === 0) return 'the spec has no mounts';
  if (vm === undefined) {
    return mounts.every(({ source }) => isNamedPipe(source ?? '')) ? 'all mounts are named pipes' : undefined;
  }
  const ofTheGuest = ['guestOwn', 'sandboxFolder', 'hugePages'];
  const guestMakesAll =
    vm.guest === 'linux' && mounts.every((mount) => ofTheGuest.includes(mountKindOf(mount, 'linux')));
  return guestMakesAll ? 'the guest makes all mounts by itself' : undefined;
};

const credentialsSkipped: Skipped = (spec, { schema }) => {
  if (gmsaCredentialSpec(spec) === undefined) return 'the spec has no credential spec';
  if (spec.linux !== undefined) return 'a Linux container takes no credential spec';
  return schema === 'v1' ? 'schema 1.0 takes the credential spec in the document' : undefined;
};

const devicesSkipped: Skipped = ({ windows }, { vm }) => {
  if (vm === undefined) return `${NO_VM}: process isolation names its devices in the document`;
  return (windows?.devices ?? []).length === 0 ? 'the spec has no devices' : undefined;
};

const SKIPPED: { readonly [Step in StepName]?: Skipped } = {
  installingDrivers: driversSkipped,
  networking: networkingSkipped,
  creatingScratch: scratchSkipped,
  mountingLayers: layersSkipped,
  resolvingMounts: mountsSkipped,
  creatingCredentials: credentialsSkipped,
  assigningDevices: devicesSkipped,
  reinstallingDrivers: reinstallingSkipped,
};

/** What becomes of every step, in their order: it applies, or the reason why it does not. */
export function planSteps(spec: OciSpec, settings: Settings): readonly StepPlan[] {
  return STEPS.map((step): StepPlan => {
    const reason = SKIPPED[step]?.(spec, settings);
    return reason === undefined ? { step, applies: true } : { step, applies: false, reason };
  });
}
