/**
 * One column in a process of its own: `node column.js --host HOST [--port N --libraries DIR] --out FILE`, with the
 * library for foreign functions that SLIPWAY_FFI names. Writes to FILE, a line of JSON each: the claim that begins, what came of it, and at last that it is done.
 */
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Stage } from './claim.ts';
import { CLAIMS } from './claims/index.ts';
import { simulatedStage } from './hosts/simulated.ts';
import { standInStage } from './hosts/standIn.ts';
import { windowsStage } from './hosts/windows.ts';
import { runClaims } from './runClaims.ts';

const { values } = parseArgs({
  options: {
    host: { type: 'string' },
    port: { type: 'string' },
    libraries: { type: 'string' },
    out: { type: 'string' },
  },
});

function stageOf(): Promise<Stage> | Stage {
  if (values.host === 'standIn') return standInStage(Number(values.port), values.libraries ?? '');
  return values.host === 'windows' ? windowsStage() : simulatedStage();
}

const write = (line: object): void => appendFileSync(values.out ?? '', `${JSON.stringify(line)}\n`);

const stage = await stageOf();
await runClaims(CLAIMS, stage, { begins: (begins) => write({ begins }), ended: (outcome) => write({ outcome }) });
await stage.close();
write({ done: true });
