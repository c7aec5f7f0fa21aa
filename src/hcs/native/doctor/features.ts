/** What a host can do, by its build. */
import { BUILD } from '../../../domain/host.ts';

export interface Feature {
  readonly what: string;
  /** The first build that has it. */
  readonly since: number;
  /** The function of computecore.dll that it takes. */
  readonly needs?: string;
  /** What there is to do instead. */
  readonly otherwise: string;
}

export const FEATURES: readonly Feature[] = [
  {
    what: 'containers of schema 2.1, utility VMs, pods',
    since: BUILD.rs5,
    otherwise: 'Use Windows Server 2019 or later: earlier ones have no computecore.dll.',
  },
  {
    what: 'Linux VMs whose kernel HCS loads by itself',
    since: BUILD.kernelDirect,
    otherwise: 'Such a VM boots from an initrd by UEFI.',
  },
  {
    what: 'several disks in one VPMem device',
    since: BUILD.v19h1,
    otherwise: 'Each read-only layer of a Linux container takes a device of its own, or a SCSI disk.',
  },
  {
    what: 'files that all VMs may open',
    since: 19041,
    needs: 'HcsGrantVmGroupAccess',
    otherwise: 'Utility VMs cannot be given files that they share: keep to process isolation, or use a later build.',
  },
  {
    what: 'cold pages handed back by guests',
    since: BUILD.coldDiscardHint,
    otherwise: 'Leave the option for it out.',
  },
  { what: 'a VM in a CPU group from its create on', since: BUILD.v21h1, otherwise: 'Leave the CPU group out.' },
  {
    what: 'device extensions, schema 2.5',
    since: BUILD.ltsc2022,
    otherwise: 'Use Windows Server 2022 for containers with device extensions.',
  },
];
