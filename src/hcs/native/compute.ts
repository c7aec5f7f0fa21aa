/** computecore.dll: compute systems. */
import { setTimeout as after } from 'node:timers/promises';
import { z } from 'zod';
import type { ContainerId, VmId } from '../../domain/ids.ts';
import { HRESULT } from '../codeTable.ts';
import { HostError, isGone } from '../hostError.ts';
import type { ComputePort, SystemHandle, SystemProperties } from '../port.ts';
import { GENERIC_ALL, SYSTEMS } from './bindings/computecore.ts';
import { isFailure } from './blocking.ts';
import { Out, wide } from './ffi/memory.ts';
import { documentOf } from './json.ts';
import type { NativeParts } from './nativeParts.ts';

type Begin = (system: bigint, operation: bigint) => Promise<number>;

const properties = z.object({
  Id: z.string(),
  SystemType: z.enum(['Container', 'VirtualMachine']),
  Owner: z.string().default(''),
  RuntimeId: z.string().default(''),
  State: z.enum(['Created', 'Running', 'Paused', 'Stopped']),
});

/** How long an exit that was asked for is waited for before it is asked about again. */
const FIRST_LOOK_MS = 5;
const LONGEST_LOOK_MS = 200;

/** Compute systems and the handles to them, for every port that makes or opens some. */
export class NativeSystems {
  readonly #parts: NativeParts;
  readonly #native;

  constructor(parts: NativeParts) {
    this.#parts = parts;
    this.#native = parts.libraries.bind('computecore', SYSTEMS);
  }

  /** HcsCreateComputeSystem. A handle that comes with a failure is closed: nobody else has it. */
  async create(call: string, id: ContainerId | VmId, document: object): Promise<SystemHandle> {
    const out = new Out();
    try {
      await this.#parts.operations.run(call, (operation) =>
        this.#native.HcsCreateComputeSystem.later(wide(id), wide(JSON.stringify(document)), operation, null, out.bytes),
      );
    } catch (error) {
      if (out.address !== 0n) await this.closeNative(call, out.address);
      throw error;
    }
    return this.#add(out.address, id);
  }

  async open(call: string, id: ContainerId | VmId): Promise<SystemHandle> {
    return this.#add(await this.openNative(call, id), id);
  }

  /** HcsOpenComputeSystem: a handle that its caller closes. */
  async openNative(call: string, id: ContainerId | VmId): Promise<bigint> {
    const out = new Out();
    const hresult = await this.#parts.turns.long(call, () =>
      this.#native.HcsOpenComputeSystem.later(wide(id), GENERIC_ALL, out.bytes),
    );
    if (isFailure(hresult)) throw new HostError(call, hresult);
    return out.address;
  }

  /** HcsCloseComputeSystem. */
  async closeNative(call: string, system: bigint): Promise<void> {
    await this.#parts.turns.long(call, () => this.#native.HcsCloseComputeSystem.later(system));
  }

  /** Makes a call with the VM, through a handle of its own. */
  async within<T>(call: string, id: VmId, make: (system: bigint) => Promise<T>): Promise<T> {
    const system = await this.openNative(call, id);
    try {
      return await make(system);
    } finally {
      await this.closeNative(call, system);
    }
  }

  async close(call: string, handle: SystemHandle): Promise<void> {
    const system = await this.#parts.handles.take(call, handle);
    await this.#parts.events.forget(handle);
    await this.closeNative(call, system);
  }

  /** One operation on an open system. */
  ask(call: string, handle: SystemHandle, begin: Begin): Promise<string | undefined> {
    return this.#parts.handles.use(call, handle, (system) =>
      this.#parts.operations.run(call, (operation) => begin(system, operation)),
    );
  }

  async properties(call: string, handle: SystemHandle): Promise<SystemProperties> {
    const document = await this.ask(call, handle, (system, operation) =>
      this.#native.HcsGetComputeSystemProperties.later(system, operation, null),
    );
    return documentOf(call, properties, document);
  }

  start(call: string, handle: SystemHandle): Promise<unknown> {
    return this.ask(call, handle, (system, operation) =>
      this.#native.HcsStartComputeSystem.later(system, operation, null),
    );
  }

  terminate(call: string, handle: SystemHandle): Promise<unknown> {
    return this.ask(call, handle, (system, operation) =>
      this.#native.HcsTerminateComputeSystem.later(system, operation, null),
    );
  }

  async #add(system: bigint, id: ContainerId | VmId): Promise<SystemHandle> {
    const handle = this.#parts.handles.add(system, id);
    await this.#parts.events.add(handle, system);
    return handle;
  }
}

/** Whether the system of the handle has ended: HCS says little of one that has. */
async function hasExited(systems: NativeSystems, call: string, handle: SystemHandle): Promise<boolean> {
  try {
    return (await systems.properties(call, handle)).State === 'Stopped';
  } catch (error) {
    if (isGone(error)) return true;
    throw error;
  }
}

/** An accepted request to end is no end yet. */
async function exited(systems: NativeSystems, call: string, handle: SystemHandle): Promise<void> {
  for (let delay = FIRST_LOOK_MS; !(await hasExited(systems, call, handle)); delay *= 2) {
    await after(Math.min(delay, LONGEST_LOOK_MS));
  }
}

export function nativeCompute(systems: NativeSystems): ComputePort {
  return {
    create: ({ resource: { id } }, document) => systems.create('compute.create', id, document),
    open: (id) => systems.open('compute.open', id),
    start: async (handle) => void (await systems.start('compute.start', handle)),
    properties: (handle) => systems.properties('compute.properties', handle),
    terminate: async (handle) => {
      await systems.terminate('compute.terminate', handle);
      await exited(systems, 'compute.terminate', handle);
    },
    close: (handle) => systems.close('compute.close', handle),
  };
}

/** @throws {HostError} when the intent names no VM */
export function needVm(call: string, { vm }: { readonly vm?: VmId }): VmId {
  if (vm === undefined) throw new HostError(call, HRESULT.invalidParameter, 'no VM is named');
  return vm;
}
