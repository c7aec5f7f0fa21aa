/** Compute systems and the handles to them, for every port that makes or opens some. */
import { z } from 'zod';
import type { ContainerId, VmId } from '../../domain/ids.ts';
import type { SystemExit } from '../../domain/process.ts';
import { HRESULT } from '../codeTable.ts';
import { HostError, isGone } from '../hostError.ts';
import type { SystemHandle, SystemProperties } from '../port.ts';
import { GENERIC_ALL, SYSTEMS } from './bindings/computecore.ts';
import { isFailure } from './blocking.ts';
import type { Bound } from './ffi/declaring.ts';
import { Out, wide } from './ffi/memory.ts';
import { Handles } from './handles.ts';
import { documentOf } from './json.ts';
import type { NativeParts } from './nativeParts.ts';
import { SystemEvents } from './systemEvents.ts';

type Begin = (system: bigint, operation: bigint) => Promise<number>;

const basicProperties = z.object({
  Id: z.string(),
  SystemType: z.enum(['Container', 'VirtualMachine']),
  Owner: z.string().default(''),
  RuntimeId: z.string().default(''),
  State: z.enum(['Created', 'Running', 'Paused', 'Stopped']),
});

const STOPPED: SystemExit = { Status: 0, ExitType: 'Unknown' };

export class NativeSystems {
  readonly events: SystemEvents;
  readonly handles = new Handles<SystemHandle>();
  readonly #parts: NativeParts;
  readonly #native: Bound<typeof SYSTEMS>;

  constructor(parts: NativeParts) {
    this.#parts = parts;
    this.#native = parts.libraries.bind('computecore', SYSTEMS);
    this.events = new SystemEvents(parts.events, {
      set: (system, context, callback) =>
        parts.turns.short('compute.onExit', () =>
          this.#native.HcsSetComputeSystemCallback.later(system, 0, context, callback),
        ),
      look: async (handle) => ((await this.hasExited('compute.onExit', handle)) ? STOPPED : undefined),
    });
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
    return this.#add(out.address);
  }

  async open(call: string, id: ContainerId | VmId): Promise<SystemHandle> {
    return this.#add(await this.openNative(call, id));
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
    const system = await this.handles.take(call, handle);
    await this.events.forget(handle);
    await this.closeNative(call, system);
  }

  /** One operation on an open system. */
  ask(call: string, handle: SystemHandle, begin: Begin): Promise<string | undefined> {
    return this.handles.use(call, handle, (system) =>
      this.#parts.operations.run(call, (operation) => begin(system, operation)),
    );
  }

  /** HcsGetComputeSystemProperties. @param query a System_PropertyQuery; without one, the basic properties come */
  properties<T>(call: string, handle: SystemHandle, shape: z.ZodType<T>, query?: object): Promise<T> {
    const asked = query === undefined ? null : wide(JSON.stringify(query));
    return this.ask(call, handle, (system, operation) =>
      this.#native.HcsGetComputeSystemProperties.later(system, operation, asked),
    ).then((document) => documentOf(call, shape, document));
  }

  basicProperties(call: string, handle: SystemHandle): Promise<SystemProperties> {
    return this.properties(call, handle, basicProperties);
  }

  /** Whether the system of the handle has ended: HCS says little of one that has. */
  async hasExited(call: string, handle: SystemHandle): Promise<boolean> {
    try {
      return (await this.basicProperties(call, handle)).State === 'Stopped';
    } catch (error) {
      if (isGone(error)) return true;
      throw error;
    }
  }

  async #add(system: bigint): Promise<SystemHandle> {
    const handle = this.handles.add(system);
    await this.events.add(handle, system);
    return handle;
  }
}

/** @throws {HostError} when the intent names no VM */
export function needVm(call: string, { vm }: { readonly vm?: VmId }): VmId {
  if (vm === undefined) throw new HostError(call, HRESULT.invalidParameter, 'no VM is named');
  return vm;
}
