import { LINUX_VM_PORT } from '../../domain/utilityVm.ts';
import { assignedProcessors } from '../../oci/vm/traits.ts';
import type { LinuxVmInput } from './input.ts';

function rootWords({ options: { rootType, rootFile, kernelDirect, vpmemDeviceCount } }: LinuxVmInput): string {
  if (rootType === 'vhd') return `root=/dev/${vpmemDeviceCount > 0 ? 'pmem0' : 'sda'} ro rootwait init=/init`;
  // HCS gives the initrd to a kernel that it loads itself; UEFI has to be told.
  return rootType === 'initrd' && !kernelDirect ? `initrd=/${rootFile}` : '';
}

function hasConsole({ options: { consolePipe, graphicsConsole } }: LinuxVmInput): boolean {
  return consolePipe !== '' || graphicsConsole;
}

function consoleWords(input: LinuxVmInput): readonly string[] {
  const { consolePipe, graphicsConsole } = input.options;
  return [
    ...(consolePipe === ''
      ? ['8250_core.nr_uarts=0']
      : ['8250_core.nr_uarts=1', '8250_core.skip_txen_test=1', 'console=ttyS0,115200']),
    ...(graphicsConsole ? ['console=tty'] : []),
    // Nobody looks: end the VM when the kernel panics, and do not chat.
    ...(hasConsole(input) ? [] : ['panic=-1', 'quiet']),
  ];
}

/** The program of the guest, and what carries its output to the host. */
function program({ options }: LinuxVmInput): string {
  return [
    '/bin/vsockexec',
    ...(options.forwardStdout ? [`-o ${LINUX_VM_PORT.log}`] : []),
    ...(options.forwardStderr ? [`-e ${LINUX_VM_PORT.log}`] : []),
    options.execCommandLine,
    ...(options.timeSync ? [] : ['-disable-time-sync']),
    ...(options.scrubLogs ? ['-scrub-logs'] : []),
    ...(options.processDumpFolder === '' ? [] : [`-core-dump-location ${options.processDumpFolder}`]),
  ].join(' ');
}

/** With a console, the program runs beside a shell on it. */
function initWords(input: LinuxVmInput): string {
  const run = hasConsole(input) ? `sh -c "${program(input)} & exec sh"` : program(input);
  return `-e ${LINUX_VM_PORT.entropy} ${run}`;
}

/** The words for the kernel, and after ` -- ` those for its init. */
export function kernelCommandLine(input: LinuxVmInput): string {
  const { options, facts } = input;
  return [
    rootWords(input),
    ...consoleWords(input),
    ...(options.kernelOptions === '' ? [] : [options.kernelOptions]),
    ...(options.pci ? [] : ['pci=off']),
    `nr_cpus=${assignedProcessors(options, facts)}`,
    'brd.rd_nr=0',
    'pmtmr=0',
    '--',
    initWords(input),
  ].join(' ');
}
