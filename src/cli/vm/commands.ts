import { type Command, InvalidArgumentError } from 'commander';
import { hostOption } from '../hostOption.ts';
import { leaseOption } from '../leaseOption.ts';
import type { Streams } from '../outcome.ts';
import * as help from './help.ts';

/** Runs a command to its exit code. */
export type Finish = (run: () => Promise<number>, json?: boolean) => Promise<void>;

function count(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number.');
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** The options that say what VM is to be created, and where. */
function onVm(command: Command): Command {
  return command
    .argument('[id]', "the VM's id (default: a new GUID, or the name of the pod's bundle with -vm)")
    .option('--windows', 'a VM for Windows containers')
    .option('--linux', 'a VM for Linux containers')
    .option('--pod-bundle <dir>', "the VM that a pod asks for: the OCI bundle of the pod's first container")
    .option('--pod-spec <file>', 'the same by the OCI runtime spec alone')
    .option('--options <file>', 'options as JSON: {"guest": "linux", "memorySizeInMb": 2048, "pci": true}')
    .option('--memory <mb>', 'memorySizeInMb', count)
    .option('--processors <count>', 'processorCount', count)
    .option('--layer <dir>', 'Windows: a read-only layer, top-most first, and last the folder of its scratch', collect)
    .option('--boot-files <dir>', 'Linux: the folder with kernel and root file system')
    .option('--owner <name>', 'the Owner of the compute system')
    .option('--facts <file>', 'what the simulated host is like (default: facts.json in its folder)')
    .addOption(hostOption());
}

function addLooking(vm: Command, finish: Finish, streams: Streams): void {
  vm.command('list')
    .alias('ls')
    .description('List the VMs that slipway has made on a host and not given back.')
    .option('-a, --all', 'also those that have ended')
    .option('-q, --quiet', 'only their ids')
    .option('--json', 'one JSON array')
    .addOption(hostOption())
    .addHelpText('after', help.LIST)
    .action((options) => finish(async () => (await import('./list.ts')).listVms(options, streams), options.json));
  vm.command('state')
    .description('Show what there is to know of a VM, as JSON.')
    .argument('<id>', 'the id of a VM, or of its provision')
    .option('--json', 'on one line')
    .addOption(hostOption())
    .addHelpText('after', help.STATE)
    .action((id, options) =>
      finish(async () => (await import('./state.ts')).vmState(id, options, streams), options.json),
    );
}

/** Adds `slipway vm` and what is under it. */
export function addVmCommands(program: Command, finish: Finish, streams: Streams): void {
  const vm = program.command('vm').description('Utility VMs, which containers can be created in.');
  vm.addHelpText('after', help.VM);
  onVm(vm.command('create'))
    .description('Create and start a VM. It outlives the command.')
    .option('--keep-on-failure', 'keep what was acquired when the create fails')
    .addOption(leaseOption())
    .option('--latency <ms>', 'how long every call to the simulated host takes', count)
    .option('--json', 'one JSON object a line')
    .addHelpText('after', help.CREATE)
    .action((id, options) =>
      finish(async () => (await import('./create.ts')).createVm({ ...options, id }, streams), options.json),
    );
  onVm(vm.command('plan'))
    .description('Show every step, the changes in order and the document, without touching a host.')
    .option('--show-secrets', 'do not redact the document')
    .option('--json', 'one JSON object')
    .addHelpText('after', help.PLAN)
    .action((id, options) =>
      finish(async () => (await import('./plan.ts')).planVm({ ...options, id }, streams), options.json),
    );
  addLooking(vm, finish, streams);
  vm.command('delete')
    .description('End a VM, and give back what it stood on but for its scratch, whose data is yours.')
    .argument('<id>', 'the id of a VM, or of its provision')
    .option('--force', 'also when containers are in it')
    .option('--json', 'one JSON object')
    .addOption(hostOption())
    .addHelpText('after', help.DELETE)
    .action((id, options) =>
      finish(async () => (await import('./delete.ts')).deleteVm(id, options, streams), options.json),
    );
}
