import { beforeEach, describe, expect, test } from '@jest/globals';
import type { HostPort } from '../../src/hcs/port.ts';
import type { StandInControl } from '../standin/control.ts';
import { intend } from '../support/intents.ts';
import { codeOf, useKoffiHost } from './koffiHost.ts';
import { NOTHING_LEFT, type StandInCore } from './overStandIns.ts';

const SCRATCH = 'C:\\scratch\\größe 1';
const PARENTS = [
  { id: '8a25748f-cf34-4ac6-9ee2-c89400e886db', path: 'C:\\layers\\top' },
  { id: '01234567-89ab-4def-8123-456789abcdef', path: 'C:\\layers\\base' },
];

const hosts = useKoffiHost({
  facts: { build: 25398, processorCount: 12 },
  files: [{ path: SCRATCH, dir: true }, ...PARENTS.map(({ path }) => ({ path, dir: true }))],
});

let control: StandInControl;
let core: StandInCore;
let host: HostPort;

beforeEach(() => {
  ({ control, core, host } = hosts());
});

const scratch = intend({ kind: 'scratchLayer', path: SCRATCH });
const activated = intend({ kind: 'activatedLayer', path: SCRATCH });
const prepared = intend({ kind: 'preparedLayer', path: SCRATCH });

describe('the layers of the native host', () => {
  test('are made, mounted and taken down; the parents arrive whole and in order', async () => {
    const { layers } = host;
    await layers.createScratch(scratch, PARENTS);
    await layers.activate(activated);
    await layers.prepare(prepared, PARENTS);
    expect(await layers.mountPath(SCRATCH)).toMatch(/^\\\\\?\\Volume\{[0-9a-f-]{36}\}$/i);
    await layers.unprepare(SCRATCH);
    await layers.deactivate(SCRATCH);
    expect(await control.effects()).toEqual([
      { effect: 'layer.createScratch', path: SCRATCH, parents: PARENTS },
      { effect: 'layer.activate', path: SCRATCH },
      { effect: 'layer.prepare', path: SCRATCH, parents: PARENTS },
      { effect: 'layer.unprepare', path: SCRATCH },
      { effect: 'layer.deactivate', path: SCRATCH },
    ]);
    expect(core.counts()).toEqual(NOTHING_LEFT);
  });

  test('have ids from their names, the same each time', async () => {
    const ids = await Promise.all(['base', 'base', 'top'].map((name) => host.layers.nameToGuid(name)));
    expect(ids[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect([ids[0] === ids[1], ids[0] === ids[2]]).toEqual([true, false]);
  });

  test('refuse in the words of Windows', async () => {
    const { layers } = host;
    expect(await codeOf(layers.activate(activated))).toBe('layers.activate ERROR_FILE_NOT_FOUND');
    expect(await codeOf(layers.mountPath(SCRATCH))).toBe('layers.mountPath ERROR_NOT_FOUND');
    expect(await codeOf(layers.unprepare(SCRATCH))).toBe('layers.unprepare ERROR_FLT_INSTANCE_NOT_FOUND');
    await layers.createScratch(scratch, PARENTS);
    await layers.activate(activated);
    await layers.prepare(prepared, PARENTS);
    expect(await codeOf(layers.deactivate(SCRATCH))).toBe('layers.deactivate ERROR_BUSY');
  });

  test('may have no mount path to give', async () => {
    await control.reset({ layerMountPath: '', files: [{ path: `${SCRATCH}\\sandbox.vhdx` }] });
    await host.layers.activate(activated);
    expect(await host.layers.mountPath(SCRATCH)).toBe('');
  });

  test('are prepared one at a time, and one that fails does not stop the next', async () => {
    const { layers } = host;
    await layers.createScratch(scratch, PARENTS);
    await layers.activate(activated);
    const codes = await Promise.all([
      codeOf(layers.prepare(intend({ kind: 'preparedLayer', path: 'C:\\nowhere' }), PARENTS)),
      codeOf(layers.prepare(prepared, PARENTS)),
    ]);
    expect(codes).toEqual(['layers.prepare ERROR_INVALID_PARAMETER', 'done']);
  });

  test('have no parents whose ids are no GUIDs', async () => {
    const call = host.layers.createScratch(scratch, [{ id: 'base', path: 'C:\\layers\\base' }]);
    expect(await codeOf(call)).toBe('layers.createScratch HCN_E_GUID_CONVERSION_FAILURE');
    expect(await control.calls()).toEqual([]);
  });
});

describe('the facts of the native host', () => {
  test('are its build and its processors', async () => {
    expect(await host.facts()).toEqual({ build: 25398, processorCount: 12 });
    expect(core.counts()).toEqual(NOTHING_LEFT);
  });

  test('are refused as the service refuses them, where Windows cannot be asked instead', async () => {
    core.fail('HcsGetServiceProperties', 0x80070005);
    expect(await codeOf(host.facts())).toBe('facts ERROR_ACCESS_DENIED');
  });
});
