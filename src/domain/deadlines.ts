import type { StepName } from './step.ts';

export type Deadlines = Readonly<Record<StepName, number>>;

const MINUTE = 60_000;

/** How long each step may take, in milliseconds, where nobody says otherwise. */
export const DEFAULT_DEADLINES: Deadlines = {
  initializing: MINUTE,
  validating: MINUTE,
  installingDrivers: 4 * MINUTE,
  networking: 2 * MINUTE,
  creatingScratch: 2 * MINUTE,
  mountingLayers: 2 * MINUTE,
  resolvingMounts: MINUTE,
  creatingCredentials: 2 * MINUTE,
  assigningDevices: 4 * MINUTE,
  reinstallingDrivers: 4 * MINUTE,
  documenting: MINUTE,
  creatingComputeSystem: 4 * MINUTE,
  preparing: 4 * MINUTE,
  creating: 4 * MINUTE,
  starting: 4 * MINUTE,
  configuringGuest: 2 * MINUTE,
};

/** The waits of a run besides its deadlines, in milliseconds. */
export interface Patience {
  /** How long a call that was asked to stop may take before its outcome counts as unknown. */
  readonly stopGraceMs: number;
  /** How long one release may take before the next one is begun. */
  readonly releaseDeadlineMs: number;
  /** The pause before a failed release is tried again. */
  readonly releaseRetryMs: number;
  /** How often a release is tried before it counts as residue. */
  readonly releaseAttempts: number;
  /** The pause before a layer that was not ready is mounted again. */
  readonly layerRetryMs: number;
  /** How often the layers are mounted before the step fails. */
  readonly layerAttempts: number;
  /** The pause before the compute service is asked again that had gone away. */
  readonly reconcileRetryMs: number;
  /** How often it is asked before the run goes on without it. */
  readonly reconcileAttempts: number;
  /** How long one such question may take before somebody has to look. */
  readonly reconcileDeadlineMs: number;
  /** How long what a failed create was told to keep is held before it is released all the same; Infinity: for ever. */
  readonly leaseMs: number;
}

export const DEFAULT_PATIENCE: Patience = {
  stopGraceMs: 10_000,
  releaseDeadlineMs: 2 * MINUTE,
  releaseRetryMs: 100,
  releaseAttempts: 3,
  layerRetryMs: 100,
  layerAttempts: 5,
  reconcileRetryMs: 1_000,
  reconcileAttempts: 120,
  reconcileDeadlineMs: 2 * MINUTE,
  leaseMs: 24 * 60 * MINUTE,
};
