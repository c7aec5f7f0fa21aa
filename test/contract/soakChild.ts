/**
 * Creates and releases containers over the stand-in libraries, many at once, and looks at what the process holds then:
 * `node --expose-gc soakChild.js --port N --libraries DIR --count N --out FILE`.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createProvisioner, type Provisioner } from '../../src/index.ts';
import { difference } from '../../src/testing/index.ts';
import { connectStandIn, type StandInControl } from '../standin/control.ts';
import { countersOf, standInHost } from './hosts/standIn.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    libraries: { type: 'string' },
    count: { type: 'string' },
    out: { type: 'string' },
  },
});

/** Containers on their way at the same time. */
const AT_ONCE = 16;
/** How many times memory is looked at. */
const SAMPLES = 20;

const LAYER = 'C:\\layers\\base';
const endpointOf = (n: number): string => `1b2f4a5e-7c3d-4e8f-9a0b-${String(n).padStart(12, '0')}`;

/** `place`: containers at one place come one after the other, and use the same scratch and the same endpoint. */
async function createAndRelease(provisioner: Provisioner, n: number, place: number): Promise<void> {
  const layerFolders = [LAYER, `C:\\scratch\\${place}`];
  const windows = { layerFolders, network: { endpointList: [endpointOf(place)] } };
  const { result } = provisioner.create({ id: `soak-${n}`, spec: { root: { path: '' }, windows } });
  const { residue } = await (await result).container.release();
  if (residue.length > 0) throw new Error(`${residue.length} things could not be released`);
}

const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

function rss(): number {
  globalThis.gc?.();
  return mebibytes(process.memoryUsage().rss);
}

async function soak(control: StandInControl, count: number) {
  const provisioner = await createProvisioner({ host: standInHost(values.libraries ?? '', control.files) });
  const rssMB: number[] = [];
  let begun = 0;
  const work = async (_: unknown, place: number): Promise<void> => {
    for (let n = begun++; n < count; n = begun++) {
      await createAndRelease(provisioner, n, place);
      if (n % Math.ceil(count / SAMPLES) === 0) rssMB.push(rss());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return [...rssMB, rss()];
}

const count = Number(values.count);
const control = await connectStandIn(Number(values.port));
process.env.SLIPWAY_STANDIN_PORT = values.port;
await control.reset({ files: [{ path: LAYER, dir: true }] });
const before = await control.snapshot();
const begunAt = performance.now();
const rssMB = await soak(control, count);
const seconds = (performance.now() - begunAt) / 1000;
const { held } = await countersOf(values.libraries ?? '');
const left = difference(before, await control.snapshot()).appeared.filter((line) => !line.startsWith('disk.'));
writeFileSync(values.out ?? '', JSON.stringify({ count, seconds, rssMB, held: held(), left }));
await control.stop();
