import type { ContainerId } from './ids.ts';
import type { Lifetime } from './lifetime.ts';
import type { StepName } from './step.ts';
import type { VmTraits } from './utilityVm.ts';

/** Which family of HCS documents a create sends: `v1` (schema 1.0) or `v2` (2.1 and later minors of 2). */
export type SchemaFamily = 'v1' | 'v2';

/** What a caller asks for. `Spec` is the OCI runtime spec, which is validated and never written to. */
export interface CreateRequest<Spec = unknown> {
  /** Default: a new GUID. */
  readonly id?: string | undefined;
  /** The Owner of the compute system. Default: the provisioner's. */
  readonly owner?: string | undefined;
  readonly spec: Spec;
  /** Default: 2.1 where the host has it, else 1.0. A version that the host does not know is ignored, with a warning. */
  readonly schemaVersion?: { readonly major: number; readonly minor: number } | undefined;
  /** An HCN namespace to join; borrowed, never deleted. Without one, a namespace is made when the spec has a network. */
  readonly networkNamespace?: string | undefined;
  /** The folders of the read-only layers must be there. Default: false, for HCS looks at them only when it mounts. */
  readonly checkLayers?: boolean | undefined;
  /** The folder of the OCI bundle that the spec came from: told on by whoever lists runs, and not looked at. */
  readonly bundle?: string | undefined;
  /** The id of a utility VM to create the container in: one that was made here, and runs. */
  readonly vm?: string | undefined;
  /**
   * The processor limit was computed for the processors of the host: in a VM it is scaled to those of the VM
   * (`ScaleCPULimitsToSandbox`). Default: false.
   */
  readonly scaleCpuLimitsToVm?: boolean | undefined;
  /** After a failure, keep what was acquired (see `fault.held`) instead of releasing it. */
  readonly keepOnFailure?: boolean | undefined;
  /** The name that hcsshim gives to `keepOnFailure`. */
  readonly doNotReleaseResourcesOnFailure?: boolean | undefined;
  /** Default: `process`. */
  readonly lifetime?: Lifetime | undefined;
  /** How long a step may take, in milliseconds, where it should differ from the provisioner's. */
  readonly deadlines?: Partial<Readonly<Record<StepName, number>>> | undefined;
}

/** The request with every default filled in. */
export interface Settings {
  readonly id: ContainerId;
  readonly owner: string;
  readonly schema: SchemaFamily;
  /** '' when none was given. */
  readonly networkNamespace: string;
  readonly keepOnFailure: boolean;
  readonly lifetime: Lifetime;
  /** The VM that hosts the container; absent for one without. */
  readonly vm?: VmTraits;
  readonly scaleCpuLimitsToVm: boolean;
  /** The host path of device-util.exe, the tool that lists the devices of a Windows guest; absent: there is none. */
  readonly deviceUtil?: string;
}
