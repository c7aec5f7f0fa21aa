/** computecore.dll and vmcompute.dll: compute systems. */
import { containerId, vmId } from '../../../src/domain/ids.ts';
import { HRESULT } from '../../../src/hcs/codeTable.ts';
import { HostError } from '../../../src/hcs/hostError.ts';
import type { SystemHandle } from '../../../src/hcs/port.ts';
import { type Fields, listOf, textOf, textsOf } from '../../../src/hcs/simulated/fields.ts';
import type { SimulatedSystem } from '../../../src/hcs/simulated/systemState.ts';
import { intend } from '../../support/intents.ts';
import type { Session } from '../session.ts';
import { type Calls, type Carry, documentOf, exitIn, type Given, NOTHING, notSupported, type Outcome } from './call.ts';

/** Which method of the port makes a system is in its document. */
function create({ process }: Session, id: string, document: Fields): Promise<SystemHandle> {
  const host = textOf(document.HostingSystemId);
  if (host !== '') {
    const system = { kind: 'computeSystem', id: containerId(id), schema: 'v2', vm: vmId(host) } as const;
    return process.guest.createContainer(intend(system), document);
  }
  if ('VirtualMachine' in document) {
    return process.compute.create(intend({ kind: 'utilityVm', id: vmId(id) }), document);
  }
  const schema = 'SystemType' in document ? 'v1' : 'v2';
  return process.compute.create(intend({ kind: 'computeSystem', id: containerId(id), schema }), document);
}

/** Keeps the handle under the value that the libraries gave it, until it is closed there. */
async function opened(session: Session, value: bigint, handle: Promise<SystemHandle>): Promise<Outcome> {
  const open = session.open(value, handle);
  try {
    const system = session.world.state.handles.get(await handle)?.system;
    if (system !== undefined) open.system = system;
    session.watchSystem(value, await handle, open);
    return NOTHING;
  } catch (error) {
    if (!(error instanceof HostError)) session.systems.delete(value);
    throw error;
  } finally {
    open.isSettled = true;
  }
}

/** One that is not made yet is closed when it is: nobody waits for that. */
async function close(session: Session, given: Given): Promise<Outcome> {
  const value = given.number(0);
  const isSettled = session.systems.get(value)?.isSettled ?? true;
  const closed = session.systemOf(given.function, value).then(({ handle }) => session.process.compute.close(handle));
  session.systems.delete(value);
  if (isSettled) await closed;
  else closed.catch(() => {});
  return NOTHING;
}

/** What is asked of a system without more being said. */
const plainly =
  (method: 'start' | 'shutdown' | 'terminate' | 'pause' | 'resume'): Carry =>
  async (session, given) => {
    const { handle } = await session.systemOf(given.function, given.number(0));
    await session.process.compute[method](handle);
    return NOTHING;
  };

async function crash(session: Session, given: Given): Promise<Outcome> {
  const { open } = await session.systemOf(given.function, given.number(0));
  if (open.system?.vm === undefined) throw new HostError(given.function, HRESULT.notSupported);
  await session.world.host.vmExits(open.system.id);
  return NOTHING;
}

async function properties(session: Session, given: Given): Promise<Outcome> {
  const { open, handle } = await session.systemOf(given.function, given.number(0));
  const { compute } = session.process;
  const asked = textsOf(given.document(1).PropertyTypes);
  if (asked.includes('Statistics')) return documentOf({ Statistics: await compute.statistics(handle) });
  if (asked.includes('ProcessList')) return documentOf({ ProcessList: await compute.processes(handle) });
  const found = await session.process.compute.properties(handle);
  const host = open.system?.hosted?.vm;
  const stopped = found.State === 'Stopped' ? { Stopped: true } : {};
  return documentOf({ ...found, ...stopped, ...(host === undefined ? {} : { HostingSystemId: host }) });
}

/** The system that a live handle is to. @throws {HostError} E_HANDLE, RPC_S_SERVER_UNAVAILABLE */
export async function liveSystem(session: Session, call: string, value: bigint): Promise<SimulatedSystem> {
  if (session.world.isDown) throw new HostError(call, HRESULT.serverUnavailable);
  const { handle } = await session.systemOf(call, value);
  const system = session.world.state.handles.get(handle)?.system;
  if (system === undefined) throw new HostError(call, HRESULT.invalidHandle);
  return system;
}

/** The limits of a VM are its own; everything else goes to its guest too. */
const isLimit = (request: Fields): boolean =>
  textOf(request.ResourcePath).startsWith('VirtualMachine/ComputeTopology/');

async function modify(session: Session, given: Given): Promise<Outcome> {
  const request = given.document(1);
  const { open, handle } = await session.systemOf(given.function, given.number(0));
  const { guest, compute } = session.process;
  if (open.system?.vm === undefined || isLimit(request)) {
    await compute.modify(handle, request);
    return NOTHING;
  }
  const vm = vmId((await liveSystem(session, given.function, given.number(0))).id);
  const verb = textOf(request.RequestType) || textOf((request.GuestRequest as Fields | undefined)?.RequestType);
  if (verb === 'Remove') await guest.detach(vm, request);
  else
    await guest.attach(intend({ kind: 'vmAttachment', vm, what: textOf(request.ResourcePath), part: 'rest' }), request);
  return NOTHING;
}

function describe({ id, owner, runtimeId, state, vm }: SimulatedSystem): object {
  const SystemType = vm === undefined ? 'Container' : 'VirtualMachine';
  return { Id: id, SystemType, Owner: owner, RuntimeId: runtimeId, State: state };
}

function matches(wanted: unknown, value: string): boolean {
  return listOf(wanted).length === 0 || textsOf(wanted).some((text) => text.toLowerCase() === value.toLowerCase());
}

function enumerate({ world }: Session, given: Given): Outcome {
  if (world.isDown) throw new HostError(given.function, HRESULT.serverUnavailable);
  const { Ids, Names, Owners, Types } = given.document(0);
  const found = [...world.state.systems.values()].filter(
    ({ id, owner, vm }) =>
      matches(Ids, id) &&
      matches(Names, id) &&
      matches(Owners, owner) &&
      matches(Types, vm === undefined ? 'Container' : 'VirtualMachine'),
  );
  return documentOf(found.map(describe));
}

async function waitForExit(session: Session, given: Given): Promise<Outcome> {
  const { open } = await session.systemOf(given.function, given.number(0));
  const isOver = open.system?.state === 'Stopped' || (await exitIn(open.exitWaiters, given.number(1)));
  if (!isOver || open.system === undefined) throw new HostError(given.function, HRESULT.operationTimeout);
  return documentOf({ ...open.system.exit });
}

export const SYSTEMS: Calls = {
  HcsCreateComputeSystem: (session, given) =>
    opened(session, given.number(0), create(session, given.text(1), given.document(2))),
  HcsOpenComputeSystem: (session, given) =>
    opened(session, given.number(0), session.process.compute.open(containerId(given.text(1)))),
  HcsCloseComputeSystem: close,
  HcsStartComputeSystem: plainly('start'),
  HcsShutDownComputeSystem: plainly('shutdown'),
  HcsTerminateComputeSystem: plainly('terminate'),
  HcsCrashComputeSystem: crash,
  HcsPauseComputeSystem: plainly('pause'),
  HcsResumeComputeSystem: plainly('resume'),
  HcsSaveComputeSystem: notSupported,
  HcsGetComputeSystemProperties: properties,
  HcsModifyComputeSystem: modify,
  HcsEnumerateComputeSystems: enumerate,
  HcsWaitForComputeSystemExit: waitForExit,
};
