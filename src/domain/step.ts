/** The steps of the create of a container, in the order in which they run. */
export const STEPS = [
  'initializing',
  'validating',
  'installingDrivers',
  'networking',
  'creatingScratch',
  'mountingLayers',
  'resolvingMounts',
  'creatingCredentials',
  'assigningDevices',
  'reinstallingDrivers',
  'documenting',
  'creatingComputeSystem',
] as const;

/** The steps of the create of a utility VM, in the order in which they run. */
export const VM_STEPS = [
  'initializing',
  'validating',
  'preparing',
  'documenting',
  'creating',
  'starting',
  'configuringGuest',
] as const;

export type ContainerStepName = (typeof STEPS)[number];
export type VmStepName = (typeof VM_STEPS)[number];
export type StepName = ContainerStepName | VmStepName;

/** What is done with a container that was created. */
export type LifePhase = 'startingContainer' | 'executing' | 'running' | 'pausing' | 'resuming' | 'stopping';

/**
 * Where something happened: a step of the create, the life of what was created, the release of what it stands on, or
 * after the compute service died.
 */
export type Phase = StepName | LifePhase | 'releasing' | 'reconciling';

const ALL_STEPS: readonly string[] = [...STEPS, ...VM_STEPS];

/** Whether the phase is a step of a create. */
export function isStep(phase: Phase): phase is StepName {
  return ALL_STEPS.includes(phase);
}

/** What becomes of a step for one request, known before anything is acquired. */
export type StepPlan =
  | { readonly step: StepName; readonly applies: true }
  | { readonly step: StepName; readonly applies: false; readonly reason: string };
