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

/** Where something happened: a step of the create, the release of what it acquired, or after the compute service died. */
export type Phase = StepName | 'releasing' | 'reconciling';

/** What becomes of a step for one request, known before anything is acquired. */
export type StepPlan =
  | { readonly step: StepName; readonly applies: true }
  | { readonly step: StepName; readonly applies: false; readonly reason: string };
