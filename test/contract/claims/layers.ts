import assert from 'node:assert/strict';
import { intend } from '../../support/intents.ts';
import { type HostUnderTest, suite } from '../claim.ts';
import { outcomesOf, refused } from '../expect.ts';
import { containerDocument, containerIntent, layerFolder, PARENTS } from '../world.ts';

const VOLUME_PATH = /^\\\\\?\\Volume\{[0-9a-f-]{36}\}$/i;

function layerOf({ host: { layers, files }, folder }: HostUnderTest, path = layerFolder(folder)) {
  return {
    path,
    disk: `${path}\\sandbox.vhdx`,
    files,
    createScratch: () => layers.createScratch(intend({ kind: 'scratchLayer', path }), PARENTS),
    activate: () => layers.activate(intend({ kind: 'activatedLayer', path })),
    prepare: () => layers.prepare(intend({ kind: 'preparedLayer', path }), PARENTS),
    unprepare: () => layers.unprepare(path),
    deactivate: () => layers.deactivate(path),
    mountPath: () => layers.mountPath(path),
  };
}

async function mounted(on: HostUnderTest) {
  const layer = layerOf(on);
  await layer.activate();
  await layer.prepare();
  return layer;
}

export const LAYERS = suite('layers', [
  [
    'a name has one GUID',
    [],
    async ({ host: { layers } }) => {
      const [one, again, other] = await Promise.all(
        ['a layer', 'a layer', 'ä ☃'].map((name) => layers.nameToGuid(name)),
      );
      assert.match(String(one), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
      assert.equal(one, again);
      assert.notEqual(one, other);
    },
  ],
  [
    'a layer is activated, prepared, mounted somewhere, and taken down',
    ['described'],
    async (on) => {
      const layer = await mounted(on);
      assert.match(await layer.mountPath(), VOLUME_PATH);
      await layer.unprepare();
      await layer.deactivate();
      await refused('layers.deactivate', layer.deactivate(), 'ERROR_NOT_FOUND');
      await refused('layers.mountPath', layer.mountPath(), 'ERROR_NOT_FOUND');
    },
  ],
  [
    'none of it is done out of order',
    ['described'],
    async (on) => {
      const layer = layerOf(on);
      await refused('layers.prepare', layer.prepare(), 'ERROR_INVALID_PARAMETER');
      await refused('layers.unprepare', layer.unprepare(), 'ERROR_FLT_INSTANCE_NOT_FOUND');
      await layer.activate();
      await refused('layers.activate', layer.activate(), 'ERROR_SHARING_VIOLATION');
      await layer.prepare();
      await refused('layers.prepare', layer.prepare(), 'ERROR_SHARING_VIOLATION');
      await refused('layers.deactivate', layer.deactivate(), 'ERROR_BUSY');
    },
  ],
  [
    'of two activations at once, one does it',
    ['described'],
    async (on) => {
      const layer = layerOf(on);
      assert.deepEqual(await outcomesOf([layer.activate(), layer.activate()]), ['ERROR_SHARING_VIOLATION', 'ok']);
    },
  ],
  [
    'a layer without a disk is not activated',
    ['described'],
    async (on) => {
      await refused('layers.activate', layerOf(on, `${on.folder}\\vacant`).activate(), 'ERROR_FILE_NOT_FOUND');
    },
  ],
  [
    'a scratch is made in a folder that is there, and once',
    ['described'],
    async (on) => {
      const nowhere = layerOf(on, `${on.folder}\\nowhere`);
      await refused('layers.createScratch', nowhere.createScratch(), 'ERROR_PATH_NOT_FOUND');
      const layer = layerOf(on, `${on.folder}\\vacant`);
      await layer.createScratch();
      await refused('layers.createScratch', layer.createScratch(), 'ERROR_FILE_EXISTS');
      await layer.activate();
      await layer.deactivate();
    },
  ],
  [
    'a system stands on its layer, and keeps it',
    ['described'],
    async (on) => {
      const layer = await mounted(on);
      const Path = `${await layer.mountPath()}\\`;
      const document = containerDocument({ Storage: { Layers: [{ Id: 'i', Path: 'p' }], Path } });
      const handle = await on.host.compute.create(containerIntent(), document);
      await refused('layers.unprepare', layer.unprepare(), 'ERROR_BUSY');
      await on.host.compute.close(handle);
      await layer.unprepare();
      await refused('compute.create', on.host.compute.create(containerIntent(), document), 'HCS_E_INVALID_JSON');
      await layer.deactivate();
    },
  ],
  [
    'many layers are mounted at once',
    ['described'],
    async (on) => {
      await Promise.all(
        Array.from({ length: 24 }, async () => {
          const layer = layerOf(on);
          await on.host.layers.nameToGuid(layer.path);
          await layer.mountPath().catch(() => '');
        }),
      );
      const layer = await mounted(on);
      assert.match(await layer.mountPath(), VOLUME_PATH);
    },
  ],
]);
