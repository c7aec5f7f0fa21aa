import { describe, expect, test } from '@jest/globals';
import {
  areWindowsDriversInstalled,
  installLinuxDrivers,
  installWindowsDrivers,
  listDevices,
  locationPathsIn,
  makeWindowsFolder,
} from '../../src/documents/guestCommands.ts';
import type { GuestProcess } from '../../src/domain/guestProcess.ts';
import { gpuDriverDisk, kernelDriverPaths } from '../../src/oci/kernelDrivers.ts';
import { isSandboxFolder, sandboxMountPath } from '../../src/oci/mounts.ts';
import type { Effect } from '../../src/testing/index.ts';
import { type HostedCase, hostedCases, situationOf } from '../support/hostedCases.ts';

interface Recorded {
  readonly effect: string;
  readonly parameters: GuestProcess;
  readonly request?: {
    readonly Settings?: { readonly Path?: string };
    readonly GuestRequest?: { readonly Settings?: unknown };
  };
}

const FOLDER = /\\\\\?\\VMSMB\\VSMB-\{[-0-9a-f]+\}\\s[0-9a-f]+/;

function effectsOf({ expected }: HostedCase): readonly Recorded[] {
  return (expected.effects ?? []).map((one) => one as Effect & Recorded);
}

/** The host path of the disk that the guest mounted at a place; there may be none, when it was there before. */
function disksAt(one: HostedCase, mountedAt: string): readonly string[] {
  return effectsOf(one).flatMap(({ request }) => {
    const guest = request?.GuestRequest?.Settings as { readonly MountPath?: string } | undefined;
    return guest?.MountPath === mountedAt ? (request?.Settings?.Path ?? []) : [];
  });
}

/** All commands that can be meant by what is asked for, with the names that the guest made up taken from the record. */
function candidates(one: HostedCase, { CommandLine = '', CommandArgs = [] }: GuestProcess): readonly GuestProcess[] {
  const { spec } = situationOf(one);
  const [folder = ''] = FOLDER.exec(CommandLine) ?? [];
  const [, bus = ''] = /\{44c4f61d[-0-9a-f]+\}\\\{([^}]+)\}/.exec(CommandLine) ?? [];
  const mountedAt = CommandArgs[2] ?? '';
  const gpu = gpuDriverDisk(spec);
  const isHere = (disk: string) => disksAt(one, mountedAt).every((path) => path === disk);
  return [
    installWindowsDrivers(folder),
    listDevices(`${folder}\\device-util.exe`, bus),
    ...(spec.mounts ?? [])
      .filter(({ source }) => isSandboxFolder(source ?? ''))
      .map(({ source }) => makeWindowsFolder(sandboxMountPath(source ?? ''))),
    ...kernelDriverPaths(spec)
      .filter(isHere)
      .map((disk) => installLinuxDrivers({ disk, mountedAt, areOfGpu: false })),
    ...(isHere(gpu) ? [installLinuxDrivers({ disk: gpu, mountedAt, areOfGpu: true })] : []),
  ];
}

const recorded = hostedCases('xenon', 'lcow').flatMap((one) =>
  effectsOf(one)
    .filter(({ effect }) => effect === 'system.exec')
    .map(({ parameters }, index) => [`${one.name}, command ${index + 1}`, one, parameters] as const),
);

describe('a command in the guest is the recorded one', () => {
  test.each(recorded)('%s', (_name, one, parameters) => {
    expect(candidates(one, parameters)).toContainEqual(parameters);
  });
});

describe('what a command answers', () => {
  test.each([
    ['PCIROOT(1)#PCI(0000)\n', ['PCIROOT(1)#PCI(0000)']],
    ['PCIROOT(1)#PCI(0000),PCIROOT(1)#PCI(0001)\r\n', ['PCIROOT(1)#PCI(0000)', 'PCIROOT(1)#PCI(0001)']],
    ['', []],
    ['\n', []],
  ])('device-util prints %j', (output, paths) => {
    expect(locationPathsIn(output)).toEqual(paths);
  });

  test.each([
    [0, true],
    [259, true],
    [1, false],
    [2, false],
  ])('pnputil ends with %d: installed %s', (exitCode, isInstalled) => {
    expect(areWindowsDriversInstalled({ exitCode, output: '' })).toBe(isInstalled);
  });
});
