/** What this host is. */
import type { HostFacts } from '../../domain/host.ts';
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import { KERNEL32 } from './bindings/kernel32.ts';
import { NTDLL } from './bindings/ntdll.ts';
import type { Blocking } from './blocking.ts';
import type { Libraries } from './ffi/declaring.ts';
import { numberField } from './fields.ts';
import { serviceProperties } from './serviceProperties.ts';

const CALL = 'facts';
/** OSVERSIONINFOW: five numbers of 32 bits (its size, major, minor, build, platform), then 128 characters. */
const VERSION = { size: 20 + 2 * 128, build: 12 };
const ALL_GROUPS = 0xffff;

/** The build of Windows: 20348 is Windows Server 2022. @throws {HostError} */
export async function windowsBuild(libraries: Libraries, blocking: Blocking): Promise<number> {
  const ntdll = libraries.bind('ntdll', NTDLL);
  const version = Buffer.alloc(VERSION.size);
  version.writeUInt32LE(VERSION.size, 0);
  const status = await blocking(CALL, async () => ntdll.RtlGetVersion.later(version));
  if (status < 0) throw new HostError(CALL, status, 'RtlGetVersion');
  return version.readUInt32LE(VERSION.build);
}

/**
 * Logical processors as the hypervisor has them: where the management operating system is given only some of them,
 * Windows itself sees no others, and VMs may have more.
 */
async function topology(libraries: Libraries, blocking: Blocking): Promise<number> {
  const properties = await serviceProperties(libraries, blocking, CALL, 'ProcessorTopology');
  const count = numberField(properties, 'LogicalProcessorCount');
  if (count === undefined || count < 1) throw new HostError(CALL, HRESULT.unexpected, 'no ProcessorTopology');
  return count;
}

/** Those that Windows sees; 0 where it cannot be asked. */
async function seenByWindows(libraries: Libraries, blocking: Blocking): Promise<number> {
  const kernel32 = libraries.bind('kernel32', KERNEL32);
  try {
    return await blocking(CALL, async () => kernel32.GetActiveProcessorCount.later(ALL_GROUPS));
  } catch {
    return 0;
  }
}

/** A service that knows no topology (it came with the schema) is no reason not to go on. */
async function processors(libraries: Libraries, blocking: Blocking): Promise<number> {
  try {
    return await topology(libraries, blocking);
  } catch (error) {
    const count = await seenByWindows(libraries, blocking);
    if (count === 0) throw error;
    return count;
  }
}

/** The facts of this host; they are asked for anew each time, since processors can be added. */
export async function windowsFacts(libraries: Libraries, blocking: Blocking): Promise<HostFacts> {
  const [build, processorCount] = await Promise.all([
    windowsBuild(libraries, blocking),
    processors(libraries, blocking),
  ]);
  return { build, processorCount };
}
