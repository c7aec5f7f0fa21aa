/** Utility VMs that tests share, on a host that has what they need. */
import type { HostEvidence } from '../../src/domain/host.ts';
import type { LinuxVmOptions, LinuxVmRequest, WindowsVmOptions, WindowsVmRequest } from '../../src/domain/utilityVm.ts';
import { linuxVmOptions, type VmContext, windowsVmOptions } from '../../src/oci/vm/options.ts';
import { atOption, validateVm } from '../../src/oci/vm/validate.ts';

export const FACTS = { build: 20348, processorCount: 4 };

export const BOOT = 'C:\\boot';

export const EVIDENCE: HostEvidence = {
  paths: {
    'C:\\base\\UtilityVM': 'directory',
    'C:\\base\\UtilityVM\\SystemTemplate.vhdx': 'file',
    'C:\\dumps': 'directory',
    'C:\\file': 'file',
    'C:\\bundle': 'directory',
    [BOOT]: 'directory',
    [`${BOOT}\\kernel`]: 'file',
    [`${BOOT}\\initrd.img`]: 'file',
    [`${BOOT}\\rootfs.vhd`]: 'file',
    [`${BOOT}\\rootfs.vhdx`]: 'file',
    [`${BOOT}\\kernelinitrd.vmgs`]: 'file',
    'C:\\': 'directory',
  },
  contents: {},
};

export const CONTEXT: VmContext = {
  facts: FACTS,
  evidence: { paths: {}, contents: {} },
  owner: 'owner',
  newId: () => 'new-id',
  bootFolders: [BOOT],
  logLevel: 'info',
  scrubLogs: false,
};

export const windowsOptions = (request: Partial<WindowsVmRequest> = {}): WindowsVmOptions =>
  windowsVmOptions({ guest: 'windows', id: 'vm', layerFolders: ['C:\\base', 'C:\\scratch'], ...request }, CONTEXT);

export const linuxOptions = (request: Partial<LinuxVmRequest> = {}): LinuxVmOptions =>
  linuxVmOptions({ guest: 'linux', id: 'vm', ...request }, CONTEXT);

export const CONFIDENTIAL: Partial<LinuxVmRequest> = {
  confidential: true,
  securityPolicy: 'e30=',
  rootType: 'guestState',
  guestStateFile: 'kernelinitrd.vmgs',
  vpmemDeviceCount: 0,
  bundleFolder: 'C:\\bundle',
};

/** `code pointer` of each finding and each warning. */
export function judge(options: WindowsVmOptions | LinuxVmOptions, build = FACTS.build, evidence = EVIDENCE) {
  const { findings, warnings } = validateVm({ options, facts: { ...FACTS, build }, evidence, at: atOption });
  const brief = ({ code, pointer }: { code: string; pointer: string }) => `${code} ${pointer}`;
  return { findings: findings.map(brief), warnings: warnings.map(brief) };
}
