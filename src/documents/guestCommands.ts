/** What is run in the guest of a utility VM, and what its answers mean. */
import { v5 as uuidV5 } from 'uuid';
import type { GuestProcess, GuestProcessResult } from '../domain/guestProcess.ts';
import { vmBusInstanceId } from '../vm/guestPaths.ts';

/** Folders of drivers in a Linux guest are named after the host path of the disk that they came on. */
const DRIVERS_NAMESPACE = '914aadc8-f700-4365-8016-ddad0a9d406d';
/** What a Linux guest gives to each container with a GPU. */
const GPU_DRIVER_FOLDER = '/run/nvidia';
const LINUX_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** ERROR_NO_MORE_ITEMS: pnputil found nothing that ranks above what is installed. */
const NO_MORE_ITEMS = 259;

/** The line is handed to the shell as it is: validation has refused names that would break it. */
function windowsCommand(...words: readonly string[]): GuestProcess {
  return { CommandLine: words.join(' '), User: 'NT AUTHORITY\\SYSTEM', WorkingDirectory: 'C:\\' };
}

/** Installs every driver in a folder of a Windows guest. */
export function installWindowsDrivers(folder: string): GuestProcess {
  const pnputil = 'C:\\Windows\\System32\\pnputil.exe';
  return windowsCommand('cmd', '/c', pnputil, '/add-driver', `${folder}/*.inf`, '/subdirs', '/install');
}

/** Whether pnputil has done it; drivers that are installed already are no failure. */
export function areWindowsDriversInstalled({ exitCode }: GuestProcessResult): boolean {
  return exitCode === 0 || exitCode === NO_MORE_ITEMS;
}

/** Makes a folder in a Windows guest; one that is there already counts as made. */
export function makeWindowsFolder(path: string): GuestProcess {
  return { ...windowsCommand('cmd', '/c', 'mkdir', path, '&', 'dir', path), CreateStdErrPipe: true };
}

/** Lists the location paths of the devices on a bus. `deviceUtil`: the path of the tool in the guest. */
export function listDevices(deviceUtil: string, vmBusGuid: string): GuestProcess {
  const bus = `--parentID=${vmBusInstanceId(vmBusGuid)}`;
  return { ...windowsCommand(deviceUtil, 'children', bus, '--property=location'), CreateStdOutPipe: true };
}

/** The location paths that `listDevices` printed; none when the guest has found no device on that bus. */
export function locationPathsIn(output: string): readonly string[] {
  return output
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '');
}

export interface LinuxDrivers {
  /** The host path of their disk. */
  readonly disk: string;
  /** Where the guest has mounted it. */
  readonly mountedAt: string;
  /** Whether they are those of a GPU. */
  readonly areOfGpu: boolean;
}

/** The folder of a Linux guest that the drivers of a disk are put into. */
function driverFolder({ disk, areOfGpu }: LinuxDrivers): string {
  return areOfGpu ? GPU_DRIVER_FOLDER : `/run/drivers/${uuidV5(disk, DRIVERS_NAMESPACE)}`;
}

/** Loads the drivers of a disk into the kernel of a Linux guest. */
export function installLinuxDrivers(drivers: LinuxDrivers): GuestProcess {
  return {
    CommandArgs: ['/bin/install-drivers', driverFolder(drivers), drivers.mountedAt],
    WorkingDirectory: '/',
    Environment: { PATH: LINUX_PATH },
    CreateStdErrPipe: true,
  };
}
