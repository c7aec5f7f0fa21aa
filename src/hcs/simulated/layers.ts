import type { LayerDescriptor } from '../../domain/allocations.ts';
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import type { LayersPort } from '../port.ts';
import { layerVolume, nameToGuid } from './derived.ts';
import type { Caller, CallName } from './faults.ts';
import { addFile, type HostState, keyOf, type SimulatedLayer } from './state.ts';
import { fileIsInUse } from './vm/diskUse.ts';

const diskOf = (path: string): string => `${path.replace(/\\+$/, '')}\\sandbox.vhdx`;

function createScratch(state: HostState, path: string, parents: readonly LayerDescriptor[]): void {
  const call = 'layers.createScratch';
  if (state.files.get(keyOf(path))?.type !== 'directory') throw new HostError(call, HRESULT.pathNotFound);
  if (state.files.has(keyOf(diskOf(path)))) throw new HostError(call, HRESULT.fileExists);
  addFile(state, { path: diskOf(path) });
  state.madeScratches.set(keyOf(path), path);
  state.effects.push({ effect: 'layer.createScratch', path, parents });
}

function activate(state: HostState, path: string): void {
  const call = 'layers.activate';
  if (!state.files.has(keyOf(diskOf(path)))) throw new HostError(call, HRESULT.fileNotFound, diskOf(path));
  if (fileIsInUse(state, diskOf(path), false)) throw new HostError(call, HRESULT.sharingViolation, diskOf(path));
  state.layers.set(keyOf(path), { path, volume: state.layerMountPath || layerVolume(path), prepared: false });
  state.effects.push({ effect: 'layer.activate', path });
}

function activeLayer(state: HostState, call: CallName, path: string): SimulatedLayer {
  const layer = state.layers.get(keyOf(path));
  if (layer === undefined) throw new HostError(call, HRESULT.elementNotFound, `the layer ${path} is not active`);
  return layer;
}

function isInUse(state: HostState, layer: SimulatedLayer): boolean {
  return [...state.systems.values()].some((system) => system.volume === keyOf(layer.volume));
}

function deactivate(state: HostState, path: string): void {
  const layer = activeLayer(state, 'layers.deactivate', path);
  if (layer.prepared) throw new HostError('layers.deactivate', HRESULT.resourceInUse, 'the filter is attached');
  state.layers.delete(keyOf(path));
  state.effects.push({ effect: 'layer.deactivate', path });
}

/** A layer that is not active has no volume to attach the filter to: the parameter is wrong, and stays so. */
function prepare(state: HostState, path: string, parents: readonly LayerDescriptor[]): void {
  const call = 'layers.prepare';
  const layer = state.layers.get(keyOf(path));
  if (layer === undefined) throw new HostError(call, HRESULT.invalidParameter, `the layer ${path} is not active`);
  if (layer.prepared) throw new HostError(call, HRESULT.sharingViolation);
  layer.prepared = true;
  state.effects.push({ effect: 'layer.prepare', path, parents });
}

function unprepare(state: HostState, path: string): void {
  const call = 'layers.unprepare';
  const layer = state.layers.get(keyOf(path));
  if (layer === undefined || !layer.prepared) throw new HostError(call, HRESULT.filterInstanceNotFound);
  if (isInUse(state, layer)) throw new HostError(call, HRESULT.resourceInUse, 'a compute system stands on it');
  layer.prepared = false;
  state.effects.push({ effect: 'layer.unprepare', path });
}

/** The layer functions of vmcompute.dll. The folders of parents are not looked at, as there. */
export function simulatedLayers(state: HostState, caller: Caller): LayersPort {
  return {
    nameToGuid: (name) => caller.make('layers.nameToGuid', name, () => nameToGuid(name)),
    createScratch: ({ resource: { path } }, parents) =>
      caller.make('layers.createScratch', path, () => createScratch(state, path, parents)),
    activate: ({ resource: { path } }) => caller.make('layers.activate', path, () => activate(state, path)),
    deactivate: (path) => caller.make('layers.deactivate', path, () => deactivate(state, path)),
    prepare: ({ resource: { path } }, parents) =>
      caller.make('layers.prepare', path, () => prepare(state, path, parents)),
    unprepare: (path) => caller.make('layers.unprepare', path, () => unprepare(state, path)),
    mountPath: (path) =>
      caller.make('layers.mountPath', path, () => {
        const { volume } = activeLayer(state, 'layers.mountPath', path);
        return state.layerMountPath ?? volume;
      }),
  };
}
