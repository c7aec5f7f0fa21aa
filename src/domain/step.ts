/** The steps of a create, in the order in which they run. */
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

export type StepName = (typeof STEPS)[number];

/** Where something happened: a step of the create, or the release of what it acquired. */
export type Phase = StepName | 'releasing';

/** What becomes of a step for one request, known before anything is acquired. */
export type StepPlan =
  | { readonly step: StepName; readonly applies: true }
  | { readonly step: StepName; readonly applies: false; readonly reason: string };
