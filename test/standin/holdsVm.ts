/** A process that makes a VM, says with what code, and stays until it is killed. */
import * as abi from './abi.ts';
import { VM_DOCUMENT } from './vmDocument.ts';

const [system, operation] = [abi.place(), BigInt(abi.createOperation(null, null))];
abi.createSystem('vm1', VM_DOCUMENT, operation, null, system);
process.stdout.write(`${await abi.later(abi.waitForResult, operation, 0xffffffff, abi.place())}\n`);
process.stdin.resume();
