/** The layer functions of vmcompute.dll and computestorage.dll. */
import type { LayerDescriptor } from '../../../src/domain/allocations.ts';
import { fieldsOf, listOf, textOf } from '../../../src/hcs/simulated/fields.ts';
import { fileKey } from '../../../src/hcs/simulated/state.ts';
import { intend } from '../../support/intents.ts';
import type { Session } from '../session.ts';
import { type Calls, type Given, NOTHING, notSupported, type Outcome } from './call.ts';

/** The parents as vmcompute.dll hands them over: an id, a bar and a path a line. */
function parentsOf(text: string): readonly LayerDescriptor[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => ({ id: line.slice(0, line.indexOf('|')), path: line.slice(line.indexOf('|') + 1) }));
}

/** The parents in a LayerData document. */
function parentsIn(given: Given): readonly LayerDescriptor[] {
  return listOf(given.document(1).Layers).map((layer) => {
    const { Id, Path } = fieldsOf(layer);
    return { id: textOf(Id), path: textOf(Path) };
  });
}

async function prepare({ process }: Session, path: string, parents: readonly LayerDescriptor[]): Promise<Outcome> {
  await process.layers.prepare(intend({ kind: 'preparedLayer', path }), parents);
  return NOTHING;
}

async function unprepare({ process }: Session, given: Given): Promise<Outcome> {
  await process.layers.unprepare(given.text(0));
  return NOTHING;
}

async function createScratch(
  { process }: Session,
  path: string,
  parents: readonly LayerDescriptor[],
): Promise<Outcome> {
  await process.layers.createScratch(intend({ kind: 'scratchLayer', path }), parents);
  return NOTHING;
}

async function destroy({ process }: Session, given: Given): Promise<Outcome> {
  const path = given.text(0).replace(/\\+$/, '');
  await process.files.removeFile(`${path}\\sandbox.vhdx`);
  await process.files.removeFolder(path);
  return NOTHING;
}

/** It is asked twice for one path: for the length first. */
async function mountPath(session: Session, given: Given): Promise<Outcome> {
  const path = given.text(0);
  const known = session.mountPaths.get(path);
  session.mountPaths.delete(path);
  const wantsPath = given.number(1) === 1n;
  if (wantsPath && known !== undefined) return { fields: [known] };
  const mounted = await session.process.layers.mountPath(path);
  if (!wantsPath && mounted !== '') session.mountPaths.set(path, mounted);
  return { fields: [mounted] };
}

export const LAYERS: Calls = {
  NameToGuid: async ({ process }, given) => ({ fields: [await process.layers.nameToGuid(given.text(0))] }),
  CreateSandboxLayer: (session, given) => createScratch(session, given.text(0), parentsOf(given.text(1))),
  ActivateLayer: async ({ process }, given) => {
    await process.layers.activate(intend({ kind: 'activatedLayer', path: given.text(0) }));
    return NOTHING;
  },
  DeactivateLayer: async ({ process }, given) => {
    await process.layers.deactivate(given.text(0));
    return NOTHING;
  },
  PrepareLayer: (session, given) => prepare(session, given.text(0), parentsOf(given.text(1))),
  UnprepareLayer: unprepare,
  GetLayerMountPath: mountPath,
  DestroyLayer: destroy,
  LayerExists: ({ world: { state } }, given) => {
    const found = state.files.get(fileKey(state, given.text(0)));
    return { fields: [found?.type === 'directory' ? 1n : 0n] };
  },
  ExpandSandboxSize: () => NOTHING,
  HcsInitializeWritableLayer: (session, given) => createScratch(session, given.text(0), parentsIn(given)),
  HcsAttachLayerStorageFilter: (session, given) => prepare(session, given.text(0), parentsIn(given)),
  HcsDetachLayerStorageFilter: unprepare,
  HcsDestroyLayer: destroy,
  HcsImportLayer: notSupported,
  HcsExportLayer: notSupported,
  HcsExportLegacyWritableLayer: notSupported,
  HcsSetupBaseOSLayer: notSupported,
  HcsSetupBaseOSVolume: notSupported,
  HcsInitializeLegacyWritableLayer: notSupported,
  HcsAttachOverlayFilter: notSupported,
  HcsDetachOverlayFilter: notSupported,
  HcsFormatWritableLayerVhd: notSupported,
  HcsGetLayerVhdMountPath: notSupported,
};
