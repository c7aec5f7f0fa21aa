import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import * as abi from './abi.ts';
import { type StandInControl, startStandIn } from './control.ts';

const NAMESPACE = '0c1d2e3f-4a5b-6c7d-8e9f-a0b1c2d3e4f5';
/** The same as it lies in memory. */
const GUID = Uint8Array.from([
  0x3f, 0x2e, 0x1d, 0x0c, 0x5b, 0x4a, 0x7d, 0x6c, 0x8e, 0x9f, 0xa0, 0xb1, 0xc2, 0xd3, 0xe4, 0xf5,
]);
const SETTINGS = JSON.stringify({ Owner: 'test', Name: 'n', SchemaVersion: { Major: 2, Minor: 0 } });

/** DriverInfo, with an empty home folder. */
function driver(): { readonly bytes: Uint8Array; free(): void } {
  const home = new abi.Memory(2);
  const bytes = Buffer.alloc(16);
  bytes.writeInt32LE(1);
  bytes.writeBigUInt64LE(home.address, 8);
  return { bytes, free: () => home.free() };
}

let control: StandInControl;

beforeAll(async () => {
  control = await startStandIn();
});

afterAll(() => control.stop());

beforeEach(async () => {
  await control.reset({
    endpoints: { e1: { ID: 'e1', MacAddress: '00-15-5D-00-00-01' } },
    files: [{ path: 'C:\\scratch', dir: true }],
  });
  abi.connectTo(control.port);
  abi.forget();
});

afterEach(() => abi.connectTo(0));

test('a namespace is made under the id of the caller, looked at and deleted', async () => {
  const [object, record, properties] = [abi.place(), abi.place(), abi.place()];
  expect(abi.createNamespace(GUID, SETTINGS, object, record)).toBe(0);
  expect(abi.placed(record)).toBe(0n);
  expect(await control.snapshot()).toEqual([`namespace ${NAMESPACE}`]);
  expect(abi.queryNamespace(abi.placed(object), '{}', properties, record)).toBe(0);
  expect(JSON.parse(abi.textAt(abi.placed(properties)))).toMatchObject({ ID: NAMESPACE, Type: 'Guest' });
  abi.coTaskMemFree(abi.placed(properties));
  expect(abi.deleteNamespace(GUID, record)).toBe(0);
  expect(abi.closeNamespace(abi.placed(object))).toBe(0);
  expect(await control.snapshot()).toEqual([]);
  expect(abi.counted()).toEqual({});
});

test('what HCN refuses comes with a record', () => {
  const record = abi.place();
  expect(abi.deleteNamespace(GUID, record)).toBe(0x80070490 | 0);
  expect(JSON.parse(abi.textAt(abi.placed(record)))).toMatchObject({ Success: false, ErrorCode: 0x80070490 });
  abi.coTaskMemFree(abi.placed(record));
  expect(abi.counted()).toEqual({});
});

test('the network service says what an endpoint is, and fails for one that is not there', () => {
  const response = abi.place();
  expect(abi.hnsCall('GET', '/endpoints/e1', '', response)).toBe(0);
  expect(JSON.parse(abi.textAt(abi.placed(response)))).toMatchObject({ Success: true, Output: { ID: 'e1' } });
  abi.coTaskMemFree(abi.placed(response));
  expect(abi.hnsCall('GET', '/endpoints/e2', '', response)).toBe(0x803b0002 | 0);
  expect(abi.counted()).toEqual({});
});

test('text is freed once, by its own function: everything else is counted', () => {
  const response = abi.place();
  abi.hnsCall('GET', '/globals/version', '', response);
  abi.localFree(abi.placed(response));
  expect(abi.counted()).toEqual({ texts: 1, wrongFrees: 1 });
  abi.coTaskMemFree(abi.placed(response));
  abi.coTaskMemFree(abi.placed(response));
  expect(abi.counted()).toEqual({ doubleFrees: 1, wrongFrees: 1 });
  abi.forget();
  expect(abi.counted()).toEqual({});
});

test('a layer is made with its parents, mounted, and found by the length of its path first', async () => {
  const info = driver();
  const parentPath = Buffer.from('C:\\layers\\base\0', 'utf16le');
  const parent = Buffer.alloc(32);
  const path = new abi.Memory(parentPath.length);
  abi.nameToGuid('base', parent);
  path.write(parentPath);
  parent.writeBigUInt64LE(path.address, 24);
  expect(abi.createSandboxLayer(info.bytes, 'C:\\scratch', 0n, parent, 1n)).toBe(0);
  expect(abi.activateLayer(info.bytes, 'C:\\scratch')).toBe(0);
  const length = abi.place();
  expect(abi.layerMountPath(info.bytes, 'C:\\scratch', length, null)).toBe(0);
  const buffer = Buffer.alloc(Number(abi.placed(length)) * 2);
  expect(abi.layerMountPath(info.bytes, 'C:\\scratch', length, buffer)).toBe(0);
  expect(buffer.toString('utf16le')).toMatch(/^\\\\\?\\Volume\{[0-9a-f-]{36}\}\0$/);
  expect(await control.effects()).toEqual([
    {
      effect: 'layer.createScratch',
      path: 'C:\\scratch',
      parents: [{ id: expect.stringMatching(/^[0-9a-f-]{36}$/), path: 'C:\\layers\\base' }],
    },
    { effect: 'layer.activate', path: 'C:\\scratch' },
  ]);
  expect((await control.calls()).filter(({ call }) => call === 'layers.mountPath')).toHaveLength(1);
  info.free();
  path.free();
  expect(abi.counted()).toEqual({});
});

test('the files of the host can be had from afar', async () => {
  expect(await control.files.stat('C:\\scratch')).toBe('directory');
  await expect(control.files.read('C:\\none')).rejects.toMatchObject({ failure: { name: 'ERROR_FILE_NOT_FOUND' } });
});
