/** What the Host Compute Service says of itself: HcsGetServiceProperties. */
import { HostError } from '../hostError.ts';
import { SERVICE } from './bindings/computecore.ts';
import { type Blocking, isFailure } from './blocking.ts';
import type { Libraries } from './ffi/declaring.ts';
import { Out, wide } from './ffi/memory.ts';
import { listField, objectIn } from './fields.ts';
import { NativeMemory } from './nativeMemory.ts';
import { reportOf } from './resultError.ts';

export type ServicePropertyType = 'Basic' | 'ProcessorTopology';

/**
 * The properties of one type; undefined when the service answers without.
 * @param call what asks, in the words of the port
 * @throws {HostError}
 */
export async function serviceProperties(
  libraries: Libraries,
  blocking: Blocking,
  call: string,
  type: ServicePropertyType,
): Promise<unknown> {
  const service = libraries.bind('computecore', SERVICE);
  const out = new Out();
  const query = wide(JSON.stringify({ PropertyTypes: [type] }));
  const hresult = await blocking(call, async () => service.HcsGetServiceProperties.later(query, out.bytes));
  const result = new NativeMemory(libraries).take(out, 'local');
  if (isFailure(hresult)) throw new HostError(call, hresult, reportOf(result));
  const [properties] = listField(objectIn(result ?? ''), 'Properties');
  return properties;
}
