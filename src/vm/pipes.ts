/** Named pipes of the host that a VM may open. */
import type { ModifySettingRequest, ModifyVerb } from '../domain/modifyRequest.ts';
import { pipePath } from './guestPaths.ts';
import type { Held } from './holders.ts';
import { type Attached, attachedBefore, attachedNow, type Detached, joined, left } from './outcome.ts';

export interface PipeRequest {
  /** `\\.\pipe\NAME`. */
  readonly hostPath: string;
}

export interface MappedPipe extends PipeRequest, Held {}

export interface PipePlace extends PipeRequest {
  readonly guestPath: string;
}

export interface PipesPart {
  readonly pipes: readonly MappedPipe[];
}

export function attachPipe<S extends PipesPart>(
  attachments: S,
  { hostPath }: PipeRequest,
  holder: string,
): Attached<S, PipePlace> {
  const { pipes } = attachments;
  const place = { hostPath, guestPath: pipePath(hostPath) };
  const existing = pipes.find((one) => one.hostPath === hostPath);
  if (existing !== undefined) {
    return attachedBefore({ ...attachments, pipes: joined(pipes, existing, holder) }, place);
  }
  const state = { ...attachments, pipes: [...pipes, { hostPath, holders: [holder] }] };
  return attachedNow(state, place, [mapPipe('Add', hostPath)]);
}

/** `holder` needs the pipe no more; the VM loses it when nobody does. */
export function detachPipe<S extends PipesPart>(attachments: S, where: PipeRequest, holder: string): Detached<S> {
  const { pipes } = attachments;
  const pipe = pipes.find(({ hostPath }) => hostPath === where.hostPath);
  const { list, gone } = left(pipes, pipe, holder);
  return {
    attachments: list === pipes ? attachments : { ...attachments, pipes: list },
    isLast: gone !== undefined,
    modify: gone === undefined ? [] : [mapPipe('Remove', gone.hostPath)],
  };
}

export function mapPipe(verb: Exclude<ModifyVerb, 'Update'>, hostPath: string): ModifySettingRequest {
  return { ResourcePath: `VirtualMachine/Devices/MappedPipes/${hostPath}`, RequestType: verb };
}
