/** The file system of a container, put together in the guest. */
import { HRESULT } from '../../codeTable.ts';
import { fieldsOf, listOf, textOf } from '../fields.ts';
import { addPart, byVerb, type Change, guestHalfOf, refuse, removePart } from './change.ts';
import { guestKey, partAt, partKey, type SimulatedVm, type VmPart } from './simulatedVm.ts';

/** The layers of a container, as its document and the request for them list them. */
export function layerPaths(layers: unknown): readonly string[] {
  return listOf(layers).map((layer) => textOf(fieldsOf(layer).Path));
}

function layerAt(change: Change, path: string): VmPart {
  const part = partAt(change.vm, path, ['vsmbShare', 'vpmem', 'scsi']);
  const isThere = part?.guestPath !== undefined && sameGuestPath(change.vm, part.guestPath, path);
  return isThere ? part : refuse(change, HRESULT.pathNotFound, `the guest has no layer at ${path}`);
}

function sameGuestPath(vm: SimulatedVm, one: string, other: string): boolean {
  return guestKey(vm.guest, one) === guestKey(vm.guest, other);
}

/** The disks that other containers write to. */
function scratchesInUse({ parts }: SimulatedVm): readonly VmPart[] {
  const used = new Set(parts.flatMap(({ kind, standsOn }) => (kind === 'combinedLayers' ? standsOn : [])));
  return parts.filter(({ kind, name, isReadOnly }) => !isReadOnly && kind === 'scsi' && used.has(partKey(kind, name)));
}

/**
 * The disk that takes what the container writes. A Windows container may have its root on the disk of another one, and
 * does not say which: of several, it stands on none.
 */
function scratchOf(change: Change, root: string, scratch: string): readonly VmPart[] {
  const { vm } = change;
  if (vm.guest === 'linux' && scratch === '') return [];
  const disk = partAt(vm, vm.guest === 'windows' ? root : scratch, ['scsi']);
  if (disk !== undefined && disk.isReadOnly !== true) return [disk];
  const shared = vm.guest === 'windows' ? scratchesInUse(vm) : [];
  if (shared.length > 0) return shared.length === 1 ? shared : [];
  return refuse(change, HRESULT.pathNotFound, `the guest has no scratch disk for ${root}`);
}

function combine(change: Change, name: string): void {
  const { Layers, ScratchPath } = guestHalfOf(change, 'CombinedLayers');
  const paths = layerPaths(Layers);
  if (name === '' || paths.length === 0) refuse(change, HRESULT.invalidParameter, 'there is nothing to combine');
  const parts = [...paths.map((path) => layerAt(change, path)), ...scratchOf(change, name, textOf(ScratchPath))];
  const standsOn = [...new Set(parts.map((part) => partKey(part.kind, part.name)))];
  addPart(change, { kind: 'combinedLayers', name, guestPath: name, standsOn });
}

/** CombinedLayers of the guest. */
export function changeCombinedLayers(change: Change): void {
  const name = textOf(guestHalfOf(change, 'CombinedLayers').ContainerRootPath);
  byVerb(change, { Add: () => combine(change, name), Remove: () => removePart(change, 'combinedLayers', name) });
}
