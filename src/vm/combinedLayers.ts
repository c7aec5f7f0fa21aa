/** The file systems of containers, put together in the guest from layers and a scratch. The host has no part in it. */
import type { ModifySettingRequest, ModifyVerb } from '../domain/modifyRequest.ts';
import { present } from '../domain/present.ts';
import type { Guest } from './guestPaths.ts';
import type { Held } from './holders.ts';
import {
  type Attached,
  attachedBefore,
  attachedNow,
  type Conflict,
  conflictBetween,
  type Detached,
  joined,
  left,
} from './outcome.ts';

/** A layer by its path in the guest; a Windows guest also wants its id. */
export interface GuestLayer {
  readonly Id?: string;
  readonly Path: string;
}

export interface CombinedLayersRequest {
  /** Where the container finds its file system. A Windows scratch is mounted here. */
  readonly rootPath: string;
  /** The top-most first. */
  readonly layers: readonly GuestLayer[];
  /** For a Linux guest. */
  readonly containerId?: string;
  /** For a Linux guest: where writes go. Absent: the file system is read-only. */
  readonly scratchPath?: string;
}

export interface CombinedLayers extends CombinedLayersRequest, Held {}

export interface CombinedLayersPart {
  readonly guest: Guest;
  readonly combinedLayers: readonly CombinedLayers[];
}

/** Combines layers at a root; at one root lies one file system. */
export function attachCombinedLayers<S extends CombinedLayersPart>(
  attachments: S,
  request: CombinedLayersRequest,
  holder: string,
): Attached<S, CombinedLayers> | Conflict {
  const { guest, combinedLayers } = attachments;
  const existing = combinedLayers.find(({ rootPath }) => rootPath === request.rootPath);
  if (existing !== undefined) {
    const state = { ...attachments, combinedLayers: joined(combinedLayers, existing, holder) };
    const conflict = conflictBetween(existing, request, ['layers', 'containerId', 'scratchPath']);
    return conflict ?? attachedBefore(state, existing);
  }
  const combined: CombinedLayers = { ...request, holders: [holder] };
  const state = { ...attachments, combinedLayers: [...combinedLayers, combined] };
  return attachedNow(state, combined, [combineLayers(guest, combined)]);
}

/** `holder` needs the file system no more; it is taken apart when nobody does. */
export function detachCombinedLayers<S extends CombinedLayersPart>(
  attachments: S,
  where: Pick<CombinedLayers, 'rootPath'>,
  holder: string,
): Detached<S> {
  const { combinedLayers } = attachments;
  const combined = combinedLayers.find(({ rootPath }) => rootPath === where.rootPath);
  const { list, gone } = left(combinedLayers, combined, holder);
  return {
    attachments: list === combinedLayers ? attachments : { ...attachments, combinedLayers: list },
    isLast: gone !== undefined,
    modify: gone === undefined ? [] : [removeCombinedLayers(gone)],
  };
}

function inGuest(verb: ModifyVerb, settings: object): ModifySettingRequest {
  return { GuestRequest: { RequestType: verb, ResourceType: 'CombinedLayers', Settings: settings } };
}

export function combineLayers(guest: Guest, request: CombinedLayersRequest): ModifySettingRequest {
  const { rootPath, layers, containerId, scratchPath } = request;
  const forLinux = guest === 'linux' ? { ContainerID: containerId, ScratchPath: scratchPath } : {};
  return inGuest('Add', present({ ContainerRootPath: rootPath, Layers: layers, ...forLinux }));
}

export function removeCombinedLayers({ rootPath }: Pick<CombinedLayers, 'rootPath'>): ModifySettingRequest {
  return inGuest('Remove', { ContainerRootPath: rootPath });
}
