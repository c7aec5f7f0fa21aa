/** Containers whose lives are led in tests, on a simulated host whose time passes when nothing else happens. */
import { text } from 'node:stream/consumers';
import { expect } from '@jest/globals';
import type { LifeMethod } from '../../src/domain/containerLife.ts';
import {
  type Clock,
  type Container,
  type ContainerProcess,
  createProvisioner,
  LifeFault,
  LifeRefusal,
  type ProvisionerOptions,
} from '../../src/index.ts';
import {
  type SimulatedHost,
  type SimulatedHostOptions,
  simulatedHost,
  type VirtualClock,
  virtualClock,
} from '../../src/testing/index.ts';
import { fullRequest, hostOptions, idle, SCRATCH_LEFT } from './requests.ts';

/** A clock that knows what is set on it and has not gone off. */
function countingClock(clock: VirtualClock): Clock & { readonly pending: () => number } {
  const timers = new Set<unknown>();
  return {
    now: () => clock.now(),
    setTimeout: (run, ms) => {
      const timer = clock.setTimeout(() => {
        timers.delete(timer);
        run();
      }, ms);
      timers.add(timer);
      return timer;
    },
    clearTimeout: (timer) => {
      timers.delete(timer);
      clock.clearTimeout(timer);
    },
    pending: () => timers.size,
  };
}

/** Runs until it is ended; of the others, each does what its name says. */
export const PROGRAMS: NonNullable<SimulatedHostOptions['processes']> = [
  { match: 'serve', forever: true },
  { match: 'deaf', forever: true, ignores: ['CtrlC', 'CtrlBreak', 'CtrlClose', 'CtrlLogOff', 'CtrlShutdown'] },
  { match: 'short', stdout: 'hello\n', exitCode: 3, afterMs: 5 },
  { match: 'echo', echo: true },
  { match: 'sleep', forever: true },
  { match: 'missing', missing: true },
];

const HYPERV = { utilityVMPath: 'C:\\layers\\base\\UtilityVM' };

export interface LifeWish {
  /** What its first process runs. Default: `serve`. */
  readonly command?: string;
  /** Whether it has a VM of its own, and can be paused. */
  readonly canPause?: boolean;
  readonly host?: SimulatedHostOptions;
  readonly provisioner?: Partial<ProvisionerOptions>;
  /** Default: time passes by itself. */
  readonly autoAdvance?: boolean;
}

export function lifeRequest({ command = 'serve', canPause = false }: LifeWish = {}) {
  const { spec, id } = fullRequest();
  const process = { args: [`${command}.exe`], cwd: 'C:\\', env: ['A=1'], user: { username: 'ContainerUser' } };
  if (!canPause) return { id, spec: { ...spec, process } };
  const { layerFolders } = spec.windows;
  const windows = { layerFolders, hyperv: HYPERV };
  return {
    id,
    spec: { ociVersion: '1.1.0', root: { path: '' }, process, windows },
    schemaVersion: { major: 1, minor: 0 },
  };
}

/** Every method of a life, as it is mostly called. */
export const LIFE_CALLS: Readonly<Record<LifeMethod, (container: Container) => Promise<unknown>>> = {
  start: (container) => container.start(),
  exec: (container) => container.exec({ args: ['short'] }),
  signal: (container) => container.signal('INT'),
  shutdown: (container) => container.shutdown(),
  pause: (container) => container.pause(),
  resume: (container) => container.resume(),
  stats: (container) => container.stats(),
  processes: (container) => container.processes(),
  update: (container) => container.update({ memory: { limit: 64 * 1024 * 1024 } }),
  wait: (container) => container.wait(),
  delete: (container) => container.delete(),
};

export interface LifeScene {
  readonly clock: VirtualClock;
  readonly host: SimulatedHost;
  readonly container: Container;
  /** Whether nothing of it is on the host, and nothing of it goes on, once it is deleted. */
  readonly nothingIsLeft: () => Promise<void>;
}

export async function createdLife(wish: LifeWish = {}): Promise<LifeScene> {
  const clock = virtualClock({ autoAdvance: wish.autoAdvance ?? true });
  const own = countingClock(clock);
  const { files = [], ...options } = hostOptions();
  const image = { path: HYPERV.utilityVMPath, dir: true };
  const host = simulatedHost({ ...options, files: [...files, image], processes: PROGRAMS, ...wish.host, clock });
  const provisioner = await createProvisioner({ host, clock: own, ...wish.provisioner });
  const { container } = await provisioner.create(lifeRequest(wish)).result;
  const nothingIsLeft = async (): Promise<void> => {
    await idle();
    expect(container.life.status).toBe('deleted');
    expect(host.snapshot()).toEqual(SCRATCH_LEFT);
    expect({ pendingCalls: host.pendingCalls, timers: own.pending() }).toEqual({ pendingCalls: 0, timers: 0 });
  };
  return { clock, host, container, nothingIsLeft };
}

export async function startedLife(wish: LifeWish = {}): Promise<LifeScene & { readonly init: ContainerProcess }> {
  const scene = await createdLife(wish);
  return { ...scene, init: await scene.container.start() };
}

export function outputOf({ stdout }: ContainerProcess): Promise<string> {
  if (stdout === undefined) throw new RangeError('it has no output');
  return text(stdout);
}

/** What a method of a container rejects with. */
export async function lifeFaultOf(work: Promise<unknown>): Promise<LifeFault | LifeRefusal> {
  const error = await work.then(
    () => new Error('it was done'),
    (reason: unknown) => reason,
  );
  if (error instanceof LifeFault || error instanceof LifeRefusal) return error;
  throw error;
}

/** Waits until it is so. */
export async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => setImmediate(resolve));
}
