/** The native host, over libraries that stand for those of Windows: many operations at once, and what `fs` notices. */
import { execFileSync, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { containerId } from '../src/domain/ids.ts';
import { loadFfi } from '../src/hcs/native/ffi/choose.ts';
import { windowsHost } from '../src/hcs/native/windowsHost.ts';
import type { HostPort } from '../src/hcs/port.ts';
import { connectStandIn, type StandInControl } from '../test/standin/control.ts';
import { fileName, type Library } from '../test/standin/libraries.ts';
import { intend } from '../test/support/intents.ts';
import { type Benchmark, type Budget, inUnit, median, type Row } from './measure.ts';

const OPERATION_MS = 50;
const LAYER = { Id: '01010101-0101-4101-8101-010101010101', Path: 'C:\\layers\\base' };
const VOLUME = '\\\\?\\Volume{11111111-2222-4333-8444-555555555555}';
const DOCUMENT = {
  Owner: 'bench',
  SchemaVersion: { Major: 2, Minor: 1 },
  Container: { Storage: { Layers: [LAYER], Path: `${VOLUME}\\` } },
};

const SERVICE = ['--import', 'tsx', 'test/standin/serviceMain.ts'];

/** Starts the service that the libraries speak to; it ends with its standard input. */
async function service(): Promise<{ readonly control: StandInControl; readonly stop: () => Promise<void> }> {
  const child = spawn(process.execPath, SERVICE, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await createInterface({ input: child.stdout })
    [Symbol.asyncIterator]()
    .next()
    .then(({ value }) => [String(value)]);
  const control = await connectStandIn(Number(line));
  return {
    control,
    stop: async () => {
      await control.stop();
      child.stdin.end();
    },
  };
}

async function hostOver(port: number): Promise<HostPort> {
  const file = (library: Library): string => join(process.cwd(), '.standin/linux', fileName(library, 'linux'));
  const core = file('standin');
  const ffi = await loadFfi('koffi');
  ffi
    .open(core)
    .find('StandInConnect', { returns: 'void', parameters: ['u32'] })
    ?.now(port);
  const [computecore, computenetwork, vmcompute] = (['computecore', 'computenetwork', 'vmcompute'] as const).map(file);
  return windowsHost({
    ffi: 'koffi',
    libraries: {
      kernel32: core,
      ole32: core,
      ntdll: core,
      ...(computecore && computenetwork && vmcompute && { computecore, computenetwork, vmcompute }),
    },
  });
}

/** Reads a file again and again while `work` goes on. */
async function readsDuring(name: string, work: Promise<unknown>): Promise<Row> {
  const begun = performance.now();
  let isOver = false;
  const over = work.finally(() => {
    isOver = true;
  });
  const delays: number[] = [];
  do {
    const before = performance.now();
    await readFile('package.json');
    delays.push(performance.now() - before);
    await new Promise((resolve) => setTimeout(resolve, 1));
  } while (!isOver);
  await over;
  const all = performance.now() - begun;
  const read = { 'file read, median': median(delays), 'file read, longest': Math.max(...delays) };
  return { name, figures: inUnit({ all, ...read }, 'ms') };
}

async function measured(count: number): Promise<readonly Row[]> {
  const { control, stop } = await service();
  try {
    await control.reset({ volumes: [VOLUME] });
    const { compute } = await hostOver(control.port);
    const system = intend({ kind: 'computeSystem', id: containerId('bench'), schema: 'v2' });
    const handle = await compute.create(system, DOCUMENT);
    await control.setLatencies({ 'compute.properties': OPERATION_MS });
    const alone = await readsDuring('nothing else', new Promise((resolve) => setTimeout(resolve, 200)));
    const operations = Promise.all(Array.from({ length: count }, () => compute.properties(handle)));
    const beside = await readsDuring(`${count} operations of ${OPERATION_MS} ms at once`, operations);
    await compute.terminate(handle);
    await compute.close(handle);
    return [alone, beside];
  } finally {
    await stop();
  }
}

async function run({ atOnce }: Budget): Promise<readonly Row[]> {
  try {
    execFileSync(process.execPath, ['--import', 'tsx', 'scripts/buildStandIns.ts', 'linux'], { stdio: 'ignore' });
  } catch {
    return [{ name: 'not measured: gcc could not build the stand-in libraries', figures: {} }];
  }
  return measured(Math.min(1_000, Math.max(...atOnce)));
}

export const native: Benchmark = {
  name: 'native',
  title: 'Native operations at once, over the stand-in libraries with koffi',
  run,
};
