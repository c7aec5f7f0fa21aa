/** Compute systems that run on a simulated host, and processes in them. */
import { containerId } from '../../src/domain/ids.ts';
import type { ProcessParameters } from '../../src/domain/process.ts';
import type { HostPort, PipeReader, StartedProcess, SystemHandle } from '../../src/hcs/port.ts';
import {
  type SimulatedHost,
  type SimulatedHostOptions,
  simulatedHost,
  type VirtualClock,
  virtualClock,
} from '../../src/testing/index.ts';
import { addPlan9 } from '../../src/vm/plan9.ts';
import { intend } from './intents.ts';
import { codeOf, createContainer, HOST } from './vmHosts.ts';
import { attach, linuxVmDocument, startVm, VM } from './vmReplay.ts';

const VOLUME = '\\\\?\\Volume{11111111-2222-4333-8444-555555555555}';

/** What a host needs for `startContainer`. */
export const CONTAINER_HOST: SimulatedHostOptions = { volumes: [VOLUME] };

export interface Running {
  readonly host: SimulatedHost;
  readonly clock: VirtualClock;
  readonly system: SystemHandle;
}

const containerDocument = (top: object) => ({
  Owner: 'o',
  SchemaVersion: { Major: 2, Minor: 1 },
  Container: { Storage: { Layers: [{ Id: 'i', Path: 'p' }], Path: `${VOLUME}\\` } },
  ...top,
});

/** A process-isolated Windows container that runs. */
export async function startContainer(host: HostPort, id = 'c1', top: object = {}): Promise<SystemHandle> {
  const intent = intend({ kind: 'computeSystem', id: containerId(id), schema: 'v2' });
  const system = await host.compute.create(intent, containerDocument(top));
  await host.compute.start(system);
  return system;
}

/** Time passes on it when a test says so. */
export async function windowsContainer(options: SimulatedHostOptions = {}): Promise<Running> {
  const clock = virtualClock();
  const host = simulatedHost({ ...CONTAINER_HOST, epoch: 0, clock, ...options });
  return { host, clock, system: await startContainer(host) };
}

const ROOT = '/run/gcs/c/1/rootfs';
const ROOT_SHARE = { name: '0', hostPath: 'C:\\layer', isFile: false, readOnly: true, mountPath: ROOT, holders: [] };

/** A container in a Linux VM, with the arguments of its init; both run, the init does not. */
export async function linuxContainer(options: SimulatedHostOptions = {}, args = ['sh']): Promise<Running> {
  const clock = virtualClock();
  const host = simulatedHost({ ...HOST, epoch: 0, clock, ...options });
  await startVm(host, linuxVmDocument());
  await attach(host, addPlan9(ROOT_SHARE));
  const OciSpecification = { root: { path: ROOT }, process: { args } };
  const HostedSystem = { OciSpecification, OciBundlePath: '/run/gcs/c/1' };
  const system = await createContainer(host, { HostingSystemId: VM, HostedSystem });
  await host.compute.start(system);
  return { host, clock, system };
}

export const ALL_PIPES = { CreateStdInPipe: true, CreateStdOutPipe: true, CreateStdErrPipe: true } as const;

export const runs = ({ host, system }: Running, CommandLine: string, more: ProcessParameters = ALL_PIPES) =>
  host.processes.create(system, { CommandLine, ...more });

/** Everything up to the end, as text. */
export async function textOf(reader: PipeReader | undefined): Promise<string> {
  const parts: Uint8Array[] = [];
  for (let bytes = await reader?.read(); bytes; bytes = await reader?.read()) parts.push(bytes);
  return Buffer.concat(parts).toString();
}

/** The exit code of a process, as soon as it has one. */
export async function exitOf(host: HostPort, { handle }: Pick<StartedProcess, 'handle'>): Promise<number> {
  const told = new Promise<number | undefined>((resolve) => {
    host.processes.onExit(handle, ({ ExitCode }) => resolve(ExitCode));
  });
  const { Exited, ExitCode } = await host.processes.properties(handle);
  return (Exited ? ExitCode : await told) ?? -1;
}

export { codeOf };
