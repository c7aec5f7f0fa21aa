import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { removeFolder } from '../support/removeFolder.ts';
import { ROOT, slipway, startSlipway } from '../support/slipway.ts';

const IDS = Array.from({ length: 10 }, (_, n) => `c${n}`);
const KILLED: ReadonlySet<string> = new Set(['c1', 'c4', 'c6', 'c9']);

let folder: string;
let host: readonly string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-ten-'));
  copyFileSync(join(ROOT, 'examples/host.json'), join(folder, 'facts.json'));
  host = ['--host', `simulated:${folder}`];
});

afterEach(() => removeFolder(folder));

/** Containers share their layer in the VM, and have a disk of their own there. */
function bundle(id: string): string {
  const file = join(folder, `${id}.json`);
  const layerFolders = ['C:\\layers\\servercore', `C:\\scratch\\${id}`];
  writeFileSync(
    file,
    JSON.stringify({ ociVersion: '1.0.2', process: { cwd: 'C:\\', args: ['cmd'] }, windows: { layerFolders } }),
  );
  return file;
}

/** Its exit code; null when it was killed: `killAfter` milliseconds after its scratch was made. */
function create(id: string, killAfter?: number): Promise<number | null> {
  const child = startSlipway(['create', id, '--spec', bundle(id), '--vm', 'vm-1', '--latency', '30', ...host]);
  child.stdout.on('data', (chunk: Buffer) => {
    if (killAfter === undefined || !chunk.toString().includes('✓ creatingScratch')) return;
    setTimeout(() => child.kill('SIGKILL'), killAfter);
  });
  return new Promise((resolve) => child.on('close', resolve));
}

interface Kept {
  readonly systems: ReadonlyArray<{ readonly id: string }>;
}
const systems = () =>
  (JSON.parse(readFileSync(join(folder, 'host.json'), 'utf8')) as Kept).systems.map(({ id }) => id).sort();

interface VmRecord {
  readonly unsettled: readonly string[];
  readonly attachments: {
    readonly scsi: { readonly disks: ReadonlyArray<{ controller: number; lun: number; hostPath: string }> };
  };
}
const record = () => JSON.parse(readFileSync(join(folder, 'vms/vm-1.json'), 'utf8')) as VmRecord;

async function statuses(): Promise<readonly string[]> {
  const { out } = await slipway(['list', '--all', '--json', ...host]);
  return (JSON.parse(out) as Array<{ id: string; status: string }>).map(({ id, status }) => `${id} ${status}`).sort();
}

async function recovered(): Promise<readonly string[]> {
  const { code, out, err } = await slipway(['recover', '--json', ...host]);
  if (code !== 0) throw new Error(`recover: ${code} ${err} ${out}`);
  const runs = out.split('\n').filter((line) => line !== '');
  return runs
    .map((line) => JSON.parse(line) as { id: string; action: string; outcome: string })
    .filter(({ action, outcome }) => action === 'rollBack' && outcome === 'done')
    .map(({ id }) => id);
}

test('ten processes create in one VM, four are killed, and what those began is undone once', async () => {
  const layers = ['--layer', 'C:\\layers\\servercore', '--layer', 'C:\\scratch\\vm-1'];
  expect((await slipway(['vm', 'create', 'vm-1', '--windows', ...layers, ...host])).code).toBe(0);
  const codes = await Promise.all(IDS.map((id, n) => create(id, KILLED.has(id) ? (n % 4) * 60 : undefined)));
  expect(IDS.filter((_, n) => codes[n] === null)).toEqual([...KILLED]);
  const living = IDS.filter((_, n) => codes[n] === 0);
  expect(living).toHaveLength(6);

  const undone = await Promise.all([recovered(), recovered(), recovered()]);
  const once = undone.flat();
  expect(new Set(once).size).toBe(once.length);
  expect(once.every((id) => KILLED.has(id))).toBe(true);

  // Another create that had to wait for what one of them had begun may have undone that one before.
  expect(await statuses()).toEqual(IDS.map((id) => `${id} ${KILLED.has(id) ? 'failed' : 'created'}`));
  expect(systems()).toEqual([...living, 'vm-1']);
  const { unsettled, attachments } = record();
  expect(unsettled).toEqual([]);
  const disks = attachments.scsi.disks.map(({ hostPath }) => hostPath.toLowerCase());
  for (const id of living) expect(disks.some((path) => path.includes(`\\${id}\\`))).toBe(true);
  for (const id of KILLED) expect(disks.some((path) => path.includes(`\\${id}\\`))).toBe(false);
  const slots = attachments.scsi.disks.map(({ controller, lun }) => `${controller}:${lun}`);
  expect(new Set(slots).size).toBe(slots.length);

  for (const id of living) expect((await slipway(['release', id, ...host])).code).toBe(0);
  expect((await slipway(['vm', 'delete', 'vm-1', ...host])).code).toBe(0);
  expect(systems()).toEqual([]);
}, 180_000);
