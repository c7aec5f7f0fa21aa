import { win32 } from 'node:path';
import type { Finding } from '../../../domain/finding.ts';
import type { LinuxVmOptions } from '../../../domain/utilityVm.ts';
import { guestStateTemplate, kernelPath, rootPath } from '../paths.ts';
import type { VmCheckInput, VmOptionName } from './input.ts';

type Input = VmCheckInput<LinuxVmOptions>;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const DISK_EXTENSIONS = new Set(['.vhd', '.vhdx']);

function missingFindings({ options, evidence, at }: Input): Finding[] {
  const files = [
    ['the kernel', kernelPath(options), at('kernelFile')],
    ['the root file system', rootPath(options), at('rootFile')],
  ] as const;
  return files
    .filter(([, path]) => evidence.paths[path] !== 'file')
    .map(([what, path, pointer]) => ({
      code: 'boot-file-missing',
      pointer,
      message: `${what} of the Linux VM, ${path}, is not a file on the host`,
      hint: 'Put the Linux boot files there, or name the folder that they are in.',
    }));
}

function typeFindings({ options: { rootType, rootFile }, at }: Input): Finding[] {
  const isDisk = DISK_EXTENSIONS.has(win32.extname(rootFile).toLowerCase());
  const fits = { initrd: !isDisk, vhd: isDisk, guestState: false }[rootType];
  if (fits) return [];
  return [
    {
      code: 'boot-file-type',
      pointer: at('rootType'),
      message: `a VM that is not confidential cannot have ${rootFile} as its root file system of type '${rootType}'`,
      hint: "Use type 'vhd' for a .vhd or .vhdx file, and 'initrd' for an archive.",
    },
  ];
}

interface Requirement {
  readonly code: string;
  readonly option: VmOptionName;
  readonly met: (input: Input) => boolean;
  readonly message: (options: LinuxVmOptions) => string;
  readonly hint: string;
}

/** What a confidential VM needs. */
const REQUIREMENTS: readonly Requirement[] = [
  {
    code: 'guest-state-missing',
    option: 'guestStateFile',
    met: ({ options, evidence }) => evidence.paths[guestStateTemplate(options)] === 'file',
    message: (options) =>
      `the guest state file of the confidential VM, ${guestStateTemplate(options)}, is not a file on the host`,
    hint: 'Put it there, or name the folder of the boot files and the file.',
  },
  {
    code: 'boot-file-type',
    option: 'rootType',
    met: ({ options }) => options.rootType === 'guestState',
    message: ({ rootType }) =>
      `a confidential VM has its root file system in the guest state file, not in one of type '${rootType}'`,
    hint: "Use the type 'guestState' for a confidential VM.",
  },
  {
    code: 'security-policy-invalid',
    option: 'securityPolicy',
    met: ({ options }) => BASE64.test(options.securityPolicy),
    message: () => 'the security policy is not base64, so it cannot be measured',
    hint: 'Give the policy in base64, with padding.',
  },
  {
    code: 'bundle-missing',
    option: 'bundleFolder',
    met: ({ options, evidence }) => evidence.paths[options.bundleFolder] === 'directory',
    message: ({ bundleFolder }) =>
      `a confidential VM needs a folder for its guest state, and '${bundleFolder}' is none`,
    hint: 'Give the folder of the bundle.',
  },
];

function confidentialFindings(input: Input): Finding[] {
  return REQUIREMENTS.filter(({ met }) => !met(input)).map(({ code, option, message, hint }) => ({
    code,
    pointer: input.at(option),
    message: message(input.options),
    hint,
  }));
}

/** Whether the files that a Linux VM boots from are there, and are what they are said to be. */
export function bootFileFindings(input: Input): readonly Finding[] {
  if (input.options.confidential) return confidentialFindings(input);
  return [...missingFindings(input), ...typeFindings(input)];
}
