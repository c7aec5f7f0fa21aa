import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as abi from './abi.ts';
import { type StandInControl, startStandIn } from './control.ts';
import { until } from './until.ts';

const CODE = {
  invalidHandle: 0x80070006 | 0,
  serverUnavailable: 0x800706ba | 0,
  invalidJson: 0x8037010d | 0,
  notFound: 0x8037010e | 0,
  notStarted: 0x80370115 | 0,
  alreadyStarted: 0x80370116 | 0,
  pending: 0x80370117 | 0,
  timeout: 0x80370118 | 0,
  resultAllocationFailed: 0x8037011a | 0,
  disconnect: 0x8037011e | 0,
};

const VM_DOCUMENT = JSON.stringify({
  Owner: 'test',
  SchemaVersion: { Major: 2, Minor: 1 },
  ShouldTerminateOnLastHandleClosed: true,
  VirtualMachine: {
    Chipset: { Uefi: {} },
    ComputeTopology: { Memory: { SizeInMB: 1024 }, Processor: { Count: 2 } },
    Devices: {},
    GuestConnection: {},
  },
});

const EXEC = [{ match: 'hello', exitCode: 3, stdout: 'said', stderr: 'complained' }];

let control: StandInControl;

beforeAll(async () => {
  control = await startStandIn();
});

afterAll(() => control.stop());

beforeEach(async () => {
  await control.reset({ exec: EXEC });
  abi.connectTo(control.port);
  abi.forget();
});

afterEach(() => abi.connectTo(0));

/** An operation, its call, and what it came to. */
async function carried(call: (operation: bigint) => number): Promise<{ code: number; document: string }> {
  const operation = BigInt(abi.createOperation(null, null));
  const text = abi.place();
  const started = call(operation);
  const code = started === 0 ? await abi.later(abi.waitForResult, operation, 0xffffffff, text) : started;
  const document = abi.placed(text) === 0n ? '' : abi.takenText(text);
  abi.closeOperation(operation);
  return { code, document };
}

/** A VM that is there; it is started unless told otherwise. */
async function runningVm(id = 'vm1'): Promise<bigint> {
  const system = abi.place();
  const created = await carried((operation) => abi.createSystem(id, VM_DOCUMENT, operation, null, system));
  expect(created).toEqual({ code: 0, document: '' });
  const started = await carried((operation) => abi.startSystem(abi.placed(system), operation, null));
  expect(started.code).toBe(0);
  return abi.placed(system);
}

describe('compute systems', () => {
  test('are made, started, looked at, terminated and closed, and nothing is left', async () => {
    const system = await runningVm();
    const { document } = await carried((operation) => abi.systemProperties(system, operation, null));
    expect(JSON.parse(document)).toMatchObject({ Id: 'vm1', SystemType: 'VirtualMachine', State: 'Running' });
    expect(await carried((operation) => abi.terminateSystem(system, operation, null))).toEqual({
      code: 0,
      document: '',
    });
    abi.closeSystem(system);
    expect(await control.snapshot()).toEqual([]);
    expect(abi.counted()).toEqual({});
  });

  test('a document that HCS would not take fails its operation, with words', async () => {
    const system = abi.place();
    const failed = await carried((operation) => abi.createSystem('c1', '{"Nothing":1}', operation, null, system));
    expect(failed.code).toBe(CODE.invalidJson);
    expect(JSON.parse(failed.document)).toMatchObject({
      Error: CODE.invalidJson,
      ErrorMessage: expect.stringContaining('Nothing'),
    });
    abi.closeSystem(abi.placed(system));
    expect(abi.counted()).toEqual({});
  });

  test('one that is not there cannot be opened', () => {
    const system = abi.place();
    expect(abi.openSystem('nobody', 0x10000000, system)).toBe(CODE.notFound);
    expect(abi.placed(system)).toBe(0n);
    expect(abi.counted()).toEqual({});
  });

  test('a process that ends closes its handles', async () => {
    await runningVm();
    abi.connectTo(control.port);
    await until(async () => (await control.snapshot()).length === 0);
  });

  test('a handle is closed once, and is nothing afterwards', async () => {
    const system = await runningVm();
    abi.closeSystem(system);
    abi.closeSystem(system);
    expect((await carried((operation) => abi.startSystem(system, operation, null))).code).toBe(CODE.invalidHandle);
    expect(abi.counted()).toEqual({ badHandles: 2 });
  });
});

describe('operations', () => {
  test('one that has not answered in time completes later', async () => {
    await control.inject({ call: 'compute.create', when: 'never' });
    const [system, text] = [abi.place(), abi.place()];
    const operation = BigInt(abi.createOperation(null, null));
    expect(abi.waitForResult(operation, 0, text)).toBe(CODE.notStarted);
    expect(abi.createSystem('vm1', VM_DOCUMENT, operation, null, system)).toBe(0);
    expect(abi.startSystem(abi.placed(system), operation, null)).toBe(CODE.alreadyStarted);
    expect(abi.getResult(operation, text)).toBe(CODE.pending);
    expect(await abi.later(abi.waitForResult, operation, 20, text)).toBe(CODE.timeout);
    await control.answerPending();
    expect(await abi.later(abi.waitForResult, operation, 0xffffffff, text)).toBe(0);
    abi.closeOperation(operation);
    abi.closeSystem(abi.placed(system));
    expect(abi.counted()).toEqual({});
  });

  test('one that is closed while its call is on its way is abandoned, and what it made stays with its handle', async () => {
    await control.inject({ call: 'compute.create', when: 'never' });
    const system = abi.place();
    const operation = BigInt(abi.createOperation(null, null));
    abi.createSystem('vm1', VM_DOCUMENT, operation, null, system);
    abi.closeOperation(operation);
    await until(async () => (await control.pendingCalls()) === 1);
    await control.answerPending();
    await until(async () => (await control.snapshot()).includes('utilityVm vm1'));
    abi.closeSystem(abi.placed(system));
    expect(await control.snapshot()).toEqual([]);
    expect(abi.counted()).toEqual({});
  });

  test('a system that is closed before it is made goes when it is', async () => {
    await control.inject({ call: 'compute.create', when: 'never' });
    const system = abi.place();
    const operation = BigInt(abi.createOperation(null, null));
    abi.createSystem('vm1', VM_DOCUMENT, operation, null, system);
    abi.closeSystem(abi.placed(system));
    await control.answerPending();
    expect(await abi.later(abi.waitForResult, operation, 0xffffffff, abi.place())).toBe(0);
    await until(async () => (await control.snapshot()).length === 0);
    abi.closeOperation(operation);
    expect(abi.counted()).toEqual({});
  });

  test('the callback of one is called when it has completed', async () => {
    const system = abi.place();
    const told: bigint[] = [];
    const callback = abi.operationCallback((operation) => told.push(operation));
    const operation = BigInt(abi.createOperation(null, callback));
    expect(abi.createSystem('vm1', VM_DOCUMENT, operation, null, system)).toBe(0);
    await until(() => told.length > 0);
    expect(told).toEqual([operation]);
    expect(abi.getResult(operation, abi.place())).toBe(0);
    abi.closeOperation(operation);
    abi.giveBack(callback);
    abi.closeSystem(abi.placed(system));
    expect(abi.counted()).toEqual({});
  });

  test('two hundred at once complete by their callbacks', async () => {
    await control.setLatencies(20);
    const told = new Set<bigint>();
    const callback = abi.operationCallback((operation) => told.add(operation));
    const begun = Array.from({ length: 200 }, (_, index) => {
      const [system, operation] = [abi.place(), BigInt(abi.createOperation(null, callback))];
      expect(abi.createSystem(`vm${index}`, VM_DOCUMENT, operation, null, system)).toBe(0);
      return { system: abi.placed(system), operation };
    });
    await until(() => told.size === begun.length);
    for (const { operation } of begun) abi.closeOperation(operation);
    await Promise.all(begun.map(({ system }) => abi.later(abi.closeSystem, system)));
    abi.giveBack(callback);
    expect(await control.snapshot()).toEqual([]);
    expect(abi.counted()).toEqual({});
  });

  test('a failure of the library itself comes where it was asked for', async () => {
    abi.failAt('HcsCreateOperation', -1, 2);
    const operation = BigInt(abi.createOperation(null, null));
    expect(BigInt(abi.createOperation(null, null))).toBe(0n);
    abi.closeOperation(operation);
    abi.failAt('HcsWaitForOperationResult', CODE.resultAllocationFailed, 1);
    const system = abi.place();
    const created = await carried((made) => abi.createSystem('vm1', VM_DOCUMENT, made, null, system));
    expect(created.code).toBe(CODE.resultAllocationFailed);
    expect(await control.snapshot()).toContain('utilityVm vm1');
    abi.closeSystem(abi.placed(system));
    expect(abi.counted()).toEqual({});
  });
});

describe('events', () => {
  test('a system tells of its exit, and of nothing once it is closed', async () => {
    const system = await runningVm();
    const events: abi.HcsEvent[] = [];
    const callback = abi.eventCallback((event) => events.push(event));
    expect(abi.setSystemCallback(system, 0, null, callback)).toBe(0);
    expect(abi.counted()).toEqual({ systems: 1, callbacks: 1 });
    await control.vmExits('vm1');
    await until(() => events.length === 2);
    expect(events.map(({ type }) => type)).toEqual([0x6, 0x1]);
    expect(JSON.parse(events[1]?.data ?? '')).toMatchObject({ ExitType: 'UnexpectedExit' });
    await abi.later(abi.closeSystem, system);
    abi.giveBack(callback);
    expect(abi.counted()).toEqual({});
  });

  test('the death of the service is told to every handle, and cuts off what is on its way', async () => {
    const system = await runningVm();
    const events: abi.HcsEvent[] = [];
    const callback = abi.eventCallback((event) => events.push(event));
    abi.setSystemCallback(system, 0, null, callback);
    await control.inject({ call: 'compute.terminate', when: 'never' });
    const cut = carried((operation) => abi.terminateSystem(system, operation, null));
    await until(async () => (await control.pendingCalls()) === 1);
    await control.killService();
    expect((await cut).code).toBe(CODE.disconnect);
    await until(() => events.length === 1);
    expect(events[0]?.type).toBe(0x2000000);
    expect(abi.openSystem('vm1', 0x10000000, abi.place())).toBe(CODE.serverUnavailable);
    await control.restartService();
    const again = abi.place();
    expect(abi.openSystem('vm1', 0x10000000, again)).toBe(0);
    for (const each of [system, abi.placed(again)]) await abi.later(abi.closeSystem, each);
    abi.giveBack(callback);
    expect(abi.counted()).toEqual({});
  });

  test('a host that goes away altogether is a service that goes away', async () => {
    const other = await startStandIn();
    abi.connectTo(other.port);
    const system = await runningVm();
    await other.inject({ call: 'compute.terminate', when: 'never' });
    const cut = carried((operation) => abi.terminateSystem(system, operation, null));
    await until(async () => (await other.pendingCalls()) === 1);
    await other.kill();
    expect((await cut).code).toBe(CODE.disconnect);
    expect(abi.openSystem('vm1', 0x10000000, abi.place())).toBe(CODE.serverUnavailable);
    abi.closeSystem(system);
    expect(abi.counted()).toEqual({});
  });
});

describe('processes', () => {
  /** Reads a pipe to its end, overlapped. */
  async function readAll(pipe: bigint): Promise<string> {
    const [overlapped, buffer] = [new abi.Memory(32), new abi.Memory(4)];
    let text = '';
    for (;;) {
      const answered = abi.readFile(pipe, buffer.address, 4, null, overlapped.address);
      if (answered === 0 && abi.lastError() === 109) break;
      await until(() => overlapped.bytes.readBigUInt64LE(0) !== 0x103n);
      if (overlapped.bytes.readBigUInt64LE(0) !== 0n) break;
      text += buffer.bytes.toString('utf8', 0, Number(overlapped.bytes.readBigUInt64LE(8)));
    }
    overlapped.free();
    buffer.free();
    return text;
  }

  test('what a process says comes over its pipes, and how it ended with its properties', async () => {
    const system = await runningVm();
    const [process, information] = [abi.place(), new Uint8Array(32)];
    const operation = BigInt(abi.createOperation(null, null));
    const parameters = {
      CommandLine: 'hello',
      WorkingDirectory: 'C:\\',
      CreateStdOutPipe: true,
      CreateStdErrPipe: true,
    };
    expect(abi.createProcess(system, JSON.stringify(parameters), operation, null, process)).toBe(0);
    expect(await abi.later(abi.waitForProcess, operation, 0xffffffff, information, abi.place())).toBe(0);
    const [pid, , out, err] = [0, 8, 16, 24].map((at) => Buffer.from(information).readBigUInt64LE(at));
    expect(await readAll(out ?? 0n)).toBe('said');
    expect(await readAll(err ?? 0n)).toBe('complained');
    const status = await carried((made) => abi.processProperties(abi.placed(process), made, null));
    expect(JSON.parse(status.document)).toMatchObject({ ProcessId: Number(pid), Exited: true, ExitCode: 3 });
    expect(abi.counted()).toEqual({ systems: 1, processes: 1, operations: 1, pipes: 2 });
    for (const pipe of [out ?? 0n, err ?? 0n]) expect(abi.closeHandle(pipe)).toBe(1);
    abi.closeProcess(abi.placed(process));
    abi.closeOperation(operation);
    abi.closeSystem(system);
    expect(abi.counted()).toEqual({});
  });

  test('pipes that nobody asked for go with the operation', async () => {
    const system = await runningVm();
    const process = abi.place();
    const parameters = JSON.stringify({ CommandLine: 'hello', WorkingDirectory: 'C:\\', CreateStdOutPipe: true });
    const run = await carried((operation) => abi.createProcess(system, parameters, operation, null, process));
    expect(run.code).toBe(0);
    abi.closeProcess(abi.placed(process));
    abi.closeSystem(system);
    expect(abi.counted()).toEqual({});
  });
});
