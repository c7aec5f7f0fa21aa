import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { containerId, type VmId, vmId } from '../../src/domain/ids.ts';
import type { SystemExit } from '../../src/domain/process.ts';
import { HostError } from '../../src/hcs/hostError.ts';
import type { FfiName } from '../../src/hcs/native/ffi/seam.ts';
import type { HostPort, SystemHandle } from '../../src/hcs/port.ts';
import { type StandInControl, startStandIn } from '../standin/control.ts';
import { until } from '../standin/until.ts';
import { PLAIN_VM } from '../standin/vmDocument.ts';
import { intend } from '../support/intents.ts';
import { hostOverStandIns, NOTHING_LEFT, StandInCore } from './overStandIns.ts';

const VM = vmId('vm-1');
const EXEC = [{ match: 'hello', exitCode: 3, stdout: 'Grüße, '.repeat(20_000), stderr: 'complained' }];
const HELLO = {
  CommandLine: 'hello',
  WorkingDirectory: 'C:\\',
  CreateStdOutPipe: true,
  CreateStdErrPipe: true,
} as const;

let control: StandInControl;

beforeAll(async () => {
  control = await startStandIn();
});
afterAll(() => control.stop());

/** The failure of a call; it fails the test when there is none. */
async function failureOf(call: Promise<unknown>) {
  const outcome = await call.then(
    () => 'it was done',
    (error: unknown) => error,
  );
  if (!(outcome instanceof HostError)) throw new Error(`no HostError: ${String(outcome)}`);
  return outcome.failure;
}

// ffi-napi does not bear to be loaded twice in a process, as jest's test files do: `npm run contract` has it.
describe.each<FfiName>(['koffi'])('the native host, called by %s', (ffi) => {
  let core: StandInCore;
  let host: HostPort;

  beforeEach(async () => {
    await control.reset({ exec: EXEC });
    core = await StandInCore.of(ffi);
    core.connectTo(control.port);
    core.forget();
    host = hostOverStandIns(ffi, control.files);
  });

  afterEach(() => {
    const counts = core.counts();
    core.connectTo(0);
    expect(counts).toEqual(NOTHING_LEFT);
  });

  const create = (id: VmId = VM): Promise<SystemHandle> =>
    host.compute.create(intend({ kind: 'utilityVm', id }), PLAIN_VM);

  async function running(): Promise<SystemHandle> {
    const handle = await create();
    await host.compute.start(handle);
    return handle;
  }

  test('takes a system through its life', async () => {
    const handle = await create();
    expect(await host.compute.properties(handle)).toMatchObject({
      Id: VM,
      SystemType: 'VirtualMachine',
      Owner: 'test',
      State: 'Created',
    });
    await host.compute.start(handle);
    const other = await host.compute.open(VM);
    expect(other).not.toBe(handle);
    expect((await host.compute.properties(other)).State).toBe('Running');
    await host.compute.terminate(handle);
    expect((await failureOf(host.compute.terminate(other))).class).toBe('gone');
    await host.compute.close(handle);
    await host.compute.close(other);
    expect((await failureOf(host.compute.close(handle))).name).toBe('ERROR_INVALID_HANDLE');
    expect((await failureOf(host.compute.properties(other))).name).toBe('ERROR_INVALID_HANDLE');
    expect(await control.snapshot()).toEqual([]);
  });

  test('closes a handle when the calls with it have answered', async () => {
    const handle = await create();
    await control.setLatencies({ 'compute.start': 100 });
    const order: string[] = [];
    const started = host.compute.start(handle).then(() => order.push('started'));
    await until(async () => (await control.pendingCalls()) > 0 || core.counts().operations > 0);
    const closed = host.compute.close(handle).then(() => order.push('closed'));
    expect((await failureOf(host.compute.properties(handle))).name).toBe('ERROR_INVALID_HANDLE');
    await Promise.all([started, closed]);
    expect(order).toEqual(['started', 'closed']);
  });

  test('says what HCS says of a failure, and keeps no handle of it', async () => {
    const handle = await create();
    const taken = await failureOf(create());
    expect(taken).toMatchObject({ call: 'compute.create', name: 'HCS_E_SYSTEM_ALREADY_EXISTS', class: 'conflict' });
    const refused = await failureOf(host.compute.create(intend({ kind: 'utilityVm', id: vmId('b') }), {}));
    expect(refused.name).toBe('HCS_E_INVALID_JSON');
    expect(refused.detail).toBeDefined();
    expect((await failureOf(host.compute.open(containerId('nobody')))).class).toBe('gone');
    await host.compute.close(handle);
  });

  test('fails where HCS has no room for an operation, or loses a result', async () => {
    const handle = await create();
    core.fail('HcsCreateOperation', 0x8007000e);
    expect((await failureOf(host.compute.start(handle))).name).toBe('ERROR_OUTOFMEMORY');
    core.fail('HcsStartComputeSystem', 0x8037011b);
    expect((await failureOf(host.compute.start(handle))).name).toBe('HCS_E_ACCESS_DENIED');
    core.fail('HcsGetOperationResult', 0x8037011a);
    expect((await failureOf(host.compute.properties(handle))).class).toBe('unknown');
    await host.compute.close(handle);
  });

  test('runs a process in a guest and reads all that it says', async () => {
    const handle = await running();
    const { exitCode, output } = await host.guest.exec(VM, HELLO);
    expect(exitCode).toBe(3);
    expect(output).toBe(`${'Grüße, '.repeat(20_000)}complained`);
    expect(await host.guest.exec(VM, { CommandLine: 'quiet', WorkingDirectory: 'C:\\' })).toEqual({
      exitCode: 0,
      output: '',
    });
    expect((await failureOf(host.guest.exec(vmId('nobody'), HELLO))).class).toBe('gone');
    await host.compute.close(handle);
  });

  test('gives and takes rights of VMs, and credential guard instances', async () => {
    const path = 'C:\\disk.vhdx';
    await control.reset({ files: [{ path }] });
    core.connectTo(control.port);
    await host.vmAccess.grant(intend({ kind: 'vmAccess', vm: VM, path, part: 'rest' }));
    await host.vmAccess.grantGroup(intend({ kind: 'vmGroupAccess', path }));
    expect(await control.snapshot()).toHaveLength(2);
    await host.vmAccess.revoke(VM, path);
    await host.vmAccess.revokeGroup(path);
    const id = containerId('c1');
    for (const transport of ['LRPC', 'HvSocket'] as const) {
      await host.credentials.addInstance(intend({ kind: 'credentialGuard', id }), '{"spec":1}', transport);
      const [instance] = await host.credentials.instances();
      expect(instance).toMatchObject({ id, state: { CredentialSpec: '{"spec":1}', Transport: transport } });
      expect(instance?.hvSocket === undefined).toBe(transport === 'LRPC');
      await host.credentials.removeInstance(id);
    }
    expect((await failureOf(host.credentials.removeInstance(id))).class).toBe('gone');
  });

  test('stands many events at once', async () => {
    let deaths = 0;
    const end = host.onServiceDisconnect?.(() => {
      deaths += 1;
    });
    const ids = Array.from({ length: ffi === 'koffi' ? 300 : 30 }, (_, at) => vmId(`vm-${at}`));
    const handles = await Promise.all(ids.map(create));
    expect(core.counts().callbacks).toBe(ids.length);
    await control.killService();
    await until(() => deaths > 0);
    await Promise.all(handles.map((handle) => host.compute.close(handle)));
    expect(deaths).toBe(1);
    end?.();
  });

  test('tells once that the service died, and that a system has exited', async () => {
    let deaths = 0;
    const end = host.onServiceDisconnect?.(() => {
      deaths += 1;
    });
    const handles = await Promise.all(['a', 'b', 'c'].map((id) => create(vmId(id))));
    const exits: SystemExit[] = [];
    const [first, second] = handles;
    if (first === undefined || second === undefined) throw new Error('no handles');
    host.compute.onExit(first, (exit) => exits.push(exit));
    await host.compute.start(first);
    await control.vmExits('a');
    await until(() => exits.length > 0);
    expect(exits).toHaveLength(1);
    await control.killService();
    await until(() => deaths > 0);
    await until(() => core.counts().calls === 0);
    expect(['HCS_E_SERVICE_DISCONNECT', 'RPC_S_SERVER_UNAVAILABLE', 'ERROR_INVALID_HANDLE']).toContain(
      (await failureOf(host.compute.properties(second))).name,
    );
    expect(deaths).toBe(1);
    end?.();
    await Promise.all(handles.map((handle) => host.compute.close(handle)));
  });
});
