/** One HcsModifyComputeSystem on its way, and what all kinds of it have in common. */
import type { ModifyVerb } from '../../../domain/modifyRequest.ts';
import type { Guest } from '../../../vm/guestPaths.ts';
import { HRESULT } from '../../codeTable.ts';
import { HostError } from '../../hostError.ts';
import type { CallName } from '../faults.ts';
import { type Fields, textOf } from '../fields.ts';
import { fileKey, type HostState, type SimulatedFile } from '../state.ts';
import type { SimulatedSystem } from '../systemState.ts';
import { findPart, guestKey, type PartKind, partKey, type SimulatedVm, type VmPart } from './simulatedVm.ts';

export interface Change {
  readonly state: HostState;
  readonly call: CallName;
  /** The VM's id, lower case. */
  readonly id: string;
  readonly vm: SimulatedVm;
  readonly verb: ModifyVerb;
  /** For the host. */
  readonly settings: Fields;
  /** For the guest; undefined when the request has no half for it. */
  readonly guest: Fields | undefined;
  readonly guestType: string;
  /** What the resource path names. */
  readonly names: readonly string[];
}

/** @throws {HostError} always */
export function refuse({ call }: Pick<Change, 'call'>, hresult: number, detail: string): never {
  throw new HostError(call, hresult, detail);
}

const ON: { readonly [G in Guest]: string } = { windows: 'a Windows guest', linux: 'a Linux guest' };

/** @throws {HostError} ERROR_NOT_SUPPORTED when the guest is of the other kind */
export function onlyFor(change: Change, guest: Guest): void {
  if (change.vm.guest !== guest) refuse(change, HRESULT.notSupported, `this is for ${ON[guest]} alone`);
}

/** The half for the guest, which must be of `type`. @throws {HostError} ERROR_INVALID_PARAMETER */
export function guestHalfOf(change: Change, type: string): Fields {
  const { guest, guestType } = change;
  if (guest !== undefined && guestType === type) return guest;
  return refuse(change, HRESULT.invalidParameter, `the guest must be told with a request for a ${type}`);
}

/** Does what the verb asks for. @throws {HostError} ERROR_NOT_SUPPORTED for a verb that the resource does not know */
export function byVerb(change: Change, verbs: { readonly [V in ModifyVerb]?: () => void }): void {
  const act = verbs[change.verb];
  if (act === undefined) refuse(change, HRESULT.notSupported, `the resource knows no ${change.verb}`);
  act();
}

/** @throws {HostError} ERROR_PATH_NOT_FOUND */
export function needFolder(change: Change, path: string): void {
  const folder = change.state.files.get(fileKey(change.state, path));
  if (folder?.type !== 'directory') refuse(change, HRESULT.pathNotFound, path);
}

/** @throws {HostError} ERROR_FILE_NOT_FOUND */
export function needFile(change: Pick<Change, 'state' | 'call'>, path: string): SimulatedFile {
  const file = change.state.files.get(fileKey(change.state, path));
  if (file?.type === 'file') return file;
  return refuse(change, HRESULT.fileNotFound, path);
}

/** Layers lie on one another's places on purpose; everything else has a place of its own. */
function sharePlaces(one: PartKind, other: PartKind): boolean {
  return (one === 'combinedLayers') === (other === 'combinedLayers');
}

/** @throws {HostError} ERROR_ALREADY_EXISTS when the name or the place in the guest is taken */
export function addPart(change: Change, part: VmPart): void {
  const { vm } = change;
  const { kind, name, guestPath } = part;
  if (findPart(vm, kind, name) !== undefined) refuse(change, HRESULT.alreadyExists, `${kind} ${name} is taken`);
  const taken = vm.parts.find(
    (other) =>
      guestPath !== undefined &&
      other.guestPath !== undefined &&
      sharePlaces(kind, other.kind) &&
      guestKey(vm.guest, other.guestPath) === guestKey(vm.guest, guestPath),
  );
  if (taken !== undefined) refuse(change, HRESULT.alreadyExists, `${taken.kind} ${taken.name} is at ${guestPath}`);
  vm.parts.push(part);
}

/** The part that must be there. @throws {HostError} ERROR_NOT_FOUND */
export function needPart(change: Change, kind: PartKind, name: string): VmPart {
  const part = findPart(change.vm, kind, name);
  if (part !== undefined) return part;
  return refuse(change, HRESULT.elementNotFound, `there is no ${kind} ${name}`);
}

/** What would fall if what `key` refers to were gone: another part, or a container of the VM. */
function dependentOf({ state, vm, id }: Change, key: string): string | undefined {
  const part = vm.parts.find(({ standsOn }) => standsOn.includes(key));
  if (part !== undefined) return `${part.kind} ${part.name}`;
  const systems: readonly SimulatedSystem[] = [...state.systems.values()];
  const system = systems.find(({ hosted }) => hosted?.vm === id && hosted.standsOn.includes(key));
  return system === undefined ? undefined : `the container ${system.id}`;
}

/** @throws {HostError} ERROR_BUSY when something stands on it */
export function needFree(change: Change, key: string): void {
  const dependent = dependentOf(change, key);
  if (dependent !== undefined) refuse(change, HRESULT.resourceInUse, `${dependent} stands on it`);
}

/** @throws {HostError} ERROR_NOT_FOUND, or ERROR_BUSY when something stands on it */
export function removePart(change: Change, kind: PartKind, name: string): void {
  const part = needPart(change, kind, name);
  if (part.isBuiltIn === true) refuse(change, HRESULT.resourceInUse, `the VM itself stands on ${kind} ${name}`);
  needFree(change, partKey(kind, name));
  change.vm.parts.splice(change.vm.parts.indexOf(part), 1);
}

/** The place in the guest that a removal names must be the one where the part is. */
export function needSamePlace(change: Change, part: VmPart, given: unknown): void {
  const { guest } = change.vm;
  if (guestKey(guest, textOf(given)) === guestKey(guest, part.guestPath ?? '')) return;
  refuse(change, HRESULT.elementNotFound, `${part.kind} ${part.name} is not at ${textOf(given)} in the guest`);
}
