import { BUILD, type HostFacts } from '../domain/host.ts';
import { type ContainerId, containerId } from '../domain/ids.ts';
import type { CreateRequest, SchemaFamily, Settings } from '../domain/request.ts';
import type { VmTraits } from '../domain/utilityVm.ts';

export interface SettingsDefaults {
  readonly owner: string;
  readonly newId: () => string;
  /** The VM that the request names. */
  readonly vm?: VmTraits;
  /** The host path of device-util.exe. */
  readonly deviceUtil?: string;
}

/** The family that the host gives for the asked version; undefined when it does not know it. */
export function schemaOffered(version: CreateRequest['schemaVersion'], facts: HostFacts): SchemaFamily | undefined {
  if (version?.major === 1 && version.minor === 0) return 'v1';
  if (version?.major !== 2 || version.minor < 1) return undefined;
  const since = version.minor === 1 ? BUILD.rs5 : BUILD.ltsc2022;
  return facts.build >= since ? 'v2' : undefined;
}

/** Only 2.1 can say that a container is in a VM, whatever was asked for. */
function schemaOf(request: CreateRequest, facts: HostFacts, vm: VmTraits | undefined): SchemaFamily {
  if (vm !== undefined) return 'v2';
  const newest: SchemaFamily = facts.build >= BUILD.rs5 ? 'v2' : 'v1';
  return schemaOffered(request.schemaVersion, facts) ?? newest;
}

function idOf(request: CreateRequest, newId: () => string): ContainerId {
  try {
    return containerId(request.id === undefined || request.id === '' ? newId() : request.id);
  } catch {
    return containerId(newId());
  }
}

/** Every option with its value. What is not valid in the request is not judged here. */
export function settingsOf(request: CreateRequest, facts: HostFacts, defaults: SettingsDefaults): Settings {
  const { vm, deviceUtil } = defaults;
  return {
    id: idOf(request, defaults.newId),
    owner: request.owner === undefined || request.owner === '' ? defaults.owner : request.owner,
    schema: schemaOf(request, facts, vm),
    networkNamespace: request.networkNamespace ?? '',
    keepOnFailure: request.keepOnFailure === true || request.doNotReleaseResourcesOnFailure === true,
    lifetime: request.lifetime ?? 'process',
    scaleCpuLimitsToVm: request.scaleCpuLimitsToVm === true,
    ...(vm === undefined ? {} : { vm }),
    ...(deviceUtil === undefined ? {} : { deviceUtil }),
  };
}
