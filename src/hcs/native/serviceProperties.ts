/** What the Host Compute Service says of itself, and is told to change: HcsGetServiceProperties, HcsModifyServiceSettings. */
import { HostError } from '../hostError.ts';
import { SERVICE } from './bindings/computecore.ts';
import { type Blocking, isFailure } from './blocking.ts';
import type { Libraries } from './ffi/declaring.ts';
import { Out, wide } from './ffi/memory.ts';
import { listField, objectIn } from './fields.ts';
import { NativeMemory } from './nativeMemory.ts';
import { reportOf } from './resultError.ts';

export type ServicePropertyType = 'Basic' | 'ProcessorTopology' | 'ContainerCredentialGuard';

async function answered(
  libraries: Libraries,
  blocking: Blocking,
  call: string,
  make: (out: Out) => Promise<number>,
): Promise<string | undefined> {
  const out = new Out();
  const hresult = await blocking(call, async () => make(out));
  const result = new NativeMemory(libraries).take(out, 'local');
  if (isFailure(hresult)) throw new HostError(call, hresult, reportOf(result));
  return result;
}

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
  const query = wide(JSON.stringify({ PropertyTypes: [type] }));
  const result = await answered(libraries, blocking, call, (out) =>
    service.HcsGetServiceProperties.later(query, out.bytes),
  );
  const [properties] = listField(objectIn(result ?? ''), 'Properties');
  return properties;
}

/** Changes a setting of the service. @param request a ModificationRequest @throws {HostError} */
export async function modifyService(
  libraries: Libraries,
  blocking: Blocking,
  call: string,
  request: object,
): Promise<void> {
  const service = libraries.bind('computecore', SERVICE);
  const document = wide(JSON.stringify(request));
  await answered(libraries, blocking, call, (out) => service.HcsModifyServiceSettings.later(document, out.bytes));
}
