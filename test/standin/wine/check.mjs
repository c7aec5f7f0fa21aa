/**
 * Runs under a Windows Node: loads the stand-in DLLs of the folder that is its first argument, goes through the life of
 * a VM with them, and writes what it found into the file that is its second.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import koffi from 'koffi';

const [folder, out] = process.argv.slice(2);

const core = koffi.load(join(folder, 'standin.dll'));
const computecore = koffi.load(join(folder, 'computecore.dll'));
const others = ['computenetwork.dll', 'computestorage.dll', 'vmcompute.dll'].map((name) =>
  koffi.load(join(folder, name)),
);

const create = computecore.func('int HcsCreateComputeSystem(str16, str16, uint64_t, void *, void *)');
const start = computecore.func('int HcsStartComputeSystem(uint64_t, uint64_t, str16)');
const run = computecore.func('int HcsCreateProcess(uint64_t, str16, uint64_t, void *, void *)');
const createOperation = computecore.func('uint64_t HcsCreateOperation(void *, void *)');
const closeOperation = computecore.func('void HcsCloseOperation(uint64_t)');
const wait = computecore.func('int HcsWaitForOperationResultAndProcessInfo(uint64_t, uint32_t, void *, void *)');
const waitForResult = computecore.func('int HcsWaitForOperationResult(uint64_t, uint32_t, void *)');
const closeProcess = computecore.func('void HcsCloseProcess(uint64_t)');
const close = computecore.func('void HcsCloseComputeSystem(uint64_t)');
const getServiceProperties = computecore.func('int HcsGetServiceProperties(str16, void *)');
const networkService = others[2].func('int HNSCall(str16, str16, str16, void *)');
const readFile = core.func('int ReadFile(uint64_t, void *, uint32_t, void *, void *)');
const closeHandle = core.func('int CloseHandle(uint64_t)');
const localFree = core.func('uint64_t LocalFree(uint64_t)');
const coTaskMemFree = core.func('void CoTaskMemFree(uint64_t)');
const counts = core.func('void StandInCounts(void *)');
const realFree = koffi.load('kernel32.dll').func('uint64_t LocalFree(uint64_t)');

const place = () => new BigUint64Array(1);
const codes = {};

function carry(name, call) {
  const operation = createOperation(null, null);
  codes[name] = call(operation) || waitForResult(operation, 0xffffffff, null);
  closeOperation(operation);
}

const document = JSON.stringify({
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

const [system, program, text] = [place(), place(), place()];
carry('create', (operation) => Number(create('vm1', document, operation, null, system)));
carry('start', (operation) => Number(start(system[0], operation, null)));

const operation = createOperation(null, null);
const parameters = JSON.stringify({ CommandLine: 'hello', WorkingDirectory: 'C:\\', CreateStdOutPipe: true });
codes.run = run(system[0], parameters, operation, null, program);
const information = Buffer.alloc(32);
codes.ran = wait(operation, 0xffffffff, information, null);
closeOperation(operation);
const [buffer, read] = [Buffer.alloc(64), new Uint32Array(1)];
readFile(information.readBigUInt64LE(16), buffer, buffer.length, read, null);
closeHandle(information.readBigUInt64LE(16));
closeProcess(program[0]);
close(system[0]);

codes.serviceProperties = getServiceProperties('{}', text);
localFree(text[0]);
codes.networkService = networkService('GET', '/globals/version', '', text);
coTaskMemFree(text[0]);
// Memory of somebody else goes to Windows itself.
const foreign = koffi.load('kernel32.dll').func('uint64_t LocalAlloc(uint32_t, uint64_t)')(0, 8);
codes.foreign = Number(localFree(foreign));
codes.none = Number(realFree(0));

const counters = new BigUint64Array(12);
counts(counters);
const left = [...counters].map(Number);
writeFileSync(out, JSON.stringify({ codes, said: buffer.toString('utf8', 0, read[0]), left }));
