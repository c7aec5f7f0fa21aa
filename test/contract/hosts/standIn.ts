/** The native host over the stand-in libraries, which speak to a service in another process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { turnsWithin } from '../../../src/hcs/native/blocking.ts';
import { loadFfi } from '../../../src/hcs/native/ffi/choose.ts';
import { Libraries, native } from '../../../src/hcs/native/ffi/declaring.ts';
import { windowsFiles } from '../../../src/hcs/native/files.ts';
import { systemLibraries, windowsHost } from '../../../src/hcs/native/windowsHost.ts';
import type { FilesPort, HostPort } from '../../../src/hcs/port.ts';
import { connectStandIn, type StandInControl } from '../../standin/control.ts';
import { fileName, type Library } from '../../standin/libraries.ts';
import type { HostUnderTest, OtherProcess, Stage } from '../claim.ts';
import { until } from '../expect.ts';
import { worldIn } from '../world.ts';
import { layOut, tidyUp } from './disk.ts';

/** Several columns may use one disk at the same time. */
const FOLDER = `C:\\contract-${process.pid}`;

const isWindows = process.platform === 'win32';

/** The files that stand for the libraries of Windows, in `folder`. */
export function standInsIn(folder: string) {
  const file = (library: Library): string => join(folder, fileName(library, isWindows ? 'windows' : 'linux'));
  const core = file('standin');
  return {
    computecore: file('computecore'),
    computenetwork: file('computenetwork'),
    computestorage: file('computestorage'),
    vmcompute: file('vmcompute'),
    kernel32: core,
    ole32: core,
    ntdll: core,
  };
}

/** What a process must not hold when nobody uses its host; in the order of `StandInCounts`. */
const COUNTED = [
  'systems',
  'processes',
  'operations',
  'HCN handles',
  'pipes',
  'strings not freed',
  'double frees',
  'frees by the wrong function',
  'uses of bad handles',
  'callbacks',
  'calls in flight',
  'reads in flight',
] as const;

/** How the stand-in libraries of this process are asked. */
export interface Counters {
  /** What is held, in words; empty when nothing is. */
  held(): readonly string[];
  forget(): void;
}

/** `ffi`: of `SLIPWAY_FFI`. */
export async function countersOf(folder: string): Promise<Counters> {
  const core = (await loadFfi()).open(standInsIn(folder).ntdll);
  const counts = core.find('StandInCounts', native('void', 'bytes'));
  const forget = core.find('StandInForget', native('void'));
  if (counts === undefined || forget === undefined)
    throw new Error('the core of the stand-in libraries has no counters');
  return {
    held: () => {
      const numbers = Buffer.alloc(COUNTED.length * 8);
      counts.now(numbers);
      return COUNTED.flatMap((what, index) => {
        const count = numbers.readBigUInt64LE(index * 8);
        return count === 0n ? [] : [`${what}: ${count}`];
      });
    },
    forget: () => forget.now(),
  };
}

/** What is closed behind a call's back has this long to be closed. */
const SETTLED_AFTER_MS = 2_000;

async function heldAfterAll(counters: Counters): Promise<readonly string[]> {
  const deadline = performance.now() + SETTLED_AFTER_MS;
  await until(async () => counters.held().length === 0 || performance.now() > deadline);
  const held = counters.held();
  counters.forget();
  return held;
}

/** `ffi`: of `SLIPWAY_FFI`. */
export const standInHost = (folder: string, files: FilesPort): HostPort =>
  windowsHost({ libraries: standInsIn(folder), files });

/** On Linux there is no disk with paths of Windows: there the files are the service's. */
async function filesOf(control: StandInControl): Promise<FilesPort> {
  if (!isWindows) return control.files;
  return windowsFiles(new Libraries(await loadFfi(), systemLibraries()), turnsWithin().long);
}

const PEER = fileURLToPath(new URL('../peer.js', import.meta.url));

async function otherProcess(control: StandInControl, folder: string, id: string): Promise<OtherProcess> {
  const args = [PEER, '--libraries', folder, '--port', String(control.port), '--id', id];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`the other process ended with ${child.exitCode}`);
    return (await control.snapshot()).includes(`computeSystem ${id}`);
  });
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The service listens on `port`; the libraries are in `folder`, and called by what `SLIPWAY_FFI` names. */
export async function standInStage(port: number, folder: string): Promise<Stage> {
  process.env.SLIPWAY_STANDIN_PORT = String(port);
  const control = await connectStandIn(port);
  const counters = await countersOf(folder);
  const host = standInHost(folder, await filesOf(control));
  const open = async (): Promise<HostUnderTest> => {
    await control.reset(worldIn(FOLDER));
    if (isWindows) await layOut(FOLDER);
    return {
      host,
      folder: FOLDER,
      snapshot: () => control.snapshot(),
      inject: (fault) => control.inject(fault),
      pendingCalls: () => control.pendingCalls(),
      answerPending: () => control.answerPending(),
      serviceDies: (death) => control.killService(death),
      serviceRestarts: () => control.restartService(),
      vmExits: (id) => control.vmExits(id),
      otherProcess: (id) => otherProcess(control, folder, id),
      close: () => heldAfterAll(counters),
    };
  };
  return {
    abilities: new Set(['described', 'files', 'injection', 'serviceDeath', 'processes']),
    whyNot: '',
    open,
    close: async () => {
      if (isWindows) await tidyUp(FOLDER);
      await control.stop();
    },
  };
}
