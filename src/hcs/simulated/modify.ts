/** HcsModifyComputeSystem of what a running system may use. */
import type { ModifySettingRequest } from '../../domain/modifyRequest.ts';
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import { type Fields, fieldsOf } from './fields.ts';
import type { HostState } from './state.ts';
import type { SimulatedSystem } from './systemState.ts';

const CALL = 'compute.modify';

/** What is wrong with the settings of a request; undefined when nothing is. */
type Check = (settings: unknown, state: HostState) => string | undefined;

const isWhole = (value: unknown): value is number => Number.isInteger(value);
const within = (value: unknown, most: number): boolean => isWhole(value) && value >= 1 && value <= most;

const containerMemory: Check = (size) => (within(size, 2 ** 40) ? undefined : 'must be a number of megabytes');

const vmMemory: Check = (size) => (within(size, 2 ** 40) && Number(size) % 2 === 0 ? undefined : 'must be even');

function wrongIn(fields: Fields, limits: Readonly<Record<string, number>>): string | undefined {
  const names = Object.keys(fields);
  if (names.length === 0) return 'says nothing';
  const unknown = names.find((name) => limits[name] === undefined);
  if (unknown !== undefined) return `${unknown} is not a field of it`;
  const wrong = names.find((name) => !within(fields[name], limits[name] ?? 0));
  return wrong === undefined ? undefined : `${wrong} must lie between 1 and ${limits[wrong]}`;
}

/** Only one of the three limits is in force. */
const containerProcessor: Check = (settings, { processorCount }) => {
  const fields = fieldsOf(settings);
  if (Object.keys(fields).length > 1) return 'Count, Maximum and Weight exclude each other';
  return wrongIn(fields, { Count: processorCount, Maximum: 10_000, Weight: 10_000 });
};

const vmLimits: Check = (settings) =>
  wrongIn(fieldsOf(settings), {
    Limit: 100_000,
    Weight: 10_000,
    Reservation: 100_000,
    MaximumFrequencyMHz: 2 ** 32 - 1,
  });

const OF_CONTAINERS: ReadonlyMap<string, Check> = new Map([
  ['Container/Memory/SizeInMB', containerMemory],
  ['Container/Processor', containerProcessor],
]);

const OF_VMS: ReadonlyMap<string, Check> = new Map([
  ['VirtualMachine/ComputeTopology/Memory/SizeInMB', vmMemory],
  ['VirtualMachine/ComputeTopology/Processor/Limits', vmLimits],
]);

/** A guest is told of the limits of its containers as OCI has them. */
function checkConstraints(system: SimulatedSystem, { ResourcePath, GuestRequest }: ModifySettingRequest): void {
  const resources = fieldsOf(GuestRequest?.Settings)[system.os === 'linux' ? 'Linux' : 'Windows'];
  const isGood =
    ResourcePath === undefined &&
    GuestRequest?.ResourceType === 'ContainerConstraints' &&
    GuestRequest.RequestType === 'Update' &&
    Object.keys(fieldsOf(resources)).length > 0;
  if (isGood) return;
  const words = 'the guest takes an Update of ContainerConstraints for its system alone';
  throw new HostError(CALL, HRESULT.invalidParameter, words);
}

function checkLimits(state: HostState, { vm }: SimulatedSystem, request: ModifySettingRequest): void {
  const { ResourcePath = '', RequestType, Settings, GuestRequest } = request;
  const check = (vm === undefined ? OF_CONTAINERS : OF_VMS).get(ResourcePath);
  if (check === undefined || GuestRequest !== undefined) {
    throw new HostError(CALL, HRESULT.notSupported, `there is no resource ${ResourcePath}`);
  }
  if (RequestType !== 'Update') throw new HostError(CALL, HRESULT.notSupported, 'the resource knows only Update');
  const wrong = check(Settings, state);
  if (wrong !== undefined) throw new HostError(CALL, HRESULT.invalidParameter, `${ResourcePath}: ${wrong}`);
}

/** @throws {HostError} ERROR_NOT_SUPPORTED, ERROR_INVALID_PARAMETER; the system must run */
export function modifySystem(state: HostState, system: SimulatedSystem, request: ModifySettingRequest): void {
  if (system.hosted === undefined) checkLimits(state, system, request);
  else checkConstraints(system, request);
  state.effects.push({ effect: 'system.modify', system: system.id, request: structuredClone(request) });
}
