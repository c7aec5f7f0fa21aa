import type { ContainerId, VmId } from '../domain/ids.ts';
import { isGone } from '../hcs/hostError.ts';
import type { HostPort, SystemHandle, SystemProperties } from '../hcs/port.ts';

/** How a compute system stands on the host; `gone` when there is none of this id. */
export type SystemFound = SystemProperties['State'] | 'gone';

/**
 * Asks the host for a compute system, through a handle that is closed again.
 * @param onOpen gets a handle that could not be closed
 * @throws {HostError}
 */
export async function lookAtSystem(
  { compute }: Pick<HostPort, 'compute'>,
  id: ContainerId | VmId,
  onOpen: (handle: SystemHandle) => void = () => {},
): Promise<SystemFound> {
  try {
    const handle = await compute.open(id);
    try {
      return (await compute.properties(handle)).State;
    } finally {
      await compute.close(handle).catch(() => onOpen(handle));
    }
  } catch (error) {
    if (isGone(error)) return 'gone';
    throw error;
  }
}
