import type { FaultCode } from '../domain/faultCodes.ts';
import type { ContainerId } from '../domain/ids.ts';
import type { Resource } from '../domain/resource.ts';
import type { CredentialGuardInstance } from '../hcs/port.ts';
import type { Allocated } from '../machines/createContainer/contract.ts';
import { gmsaCredentialSpec } from '../oci/resources.ts';
import { attachHvSocket } from '../vm/hvSocket.ts';
import { Failure } from './faults.ts';
import { type HostedInput, placeFor } from './hosted/input.ts';
import { specOf } from './input.ts';
import type { Run } from './run.ts';
import { attachToVm } from './vmAttachments.ts';

async function findInstance(run: Run, id: ContainerId): Promise<CredentialGuardInstance | undefined> {
  const instances = await run.step('creatingCredentials', 'credentials.instances', id, () =>
    run.host.credentials.instances(),
  );
  return instances.find((instance) => instance.id.toLowerCase() === id.toLowerCase());
}

function fail(code: FaultCode, id: ContainerId, message: string, hint: string): never {
  const resource = { description: `credential guard instance ${id}` };
  throw new Failure({ code, message, hint, step: 'creatingCredentials', transient: false, resource });
}

/** The guest reaches the instance over a hypervisor socket, which has to be opened to the VM. */
async function openServiceToVm(run: Run, input: HostedInput, { hvSocket }: CredentialGuardInstance): Promise<void> {
  if (hvSocket === undefined) return;
  const place = placeFor(input, 'creatingCredentials', 'rest')(`service ${hvSocket.serviceId}`);
  await attachToVm(run, place, (state, holder) => attachHvSocket(state, hvSocket, holder));
}

/** Makes a credential guard instance under the container's id and reads back what the document needs of it. */
export async function createCredentials(run: Run, input: HostedInput): Promise<Allocated> {
  const { id, vm } = input.settings;
  const inVm = vm !== undefined;
  if ((await findInstance(run, id)) !== undefined) {
    fail(
      'credential-guard-taken',
      id,
      `there is already a credential guard instance for ${id}, and it is not ours`,
      'Use another container id, or remove the instance of the container that had this one.',
    );
  }
  const resource: Resource<'credentialGuard'> = { kind: 'credentialGuard', id };
  await run.acquire('creatingCredentials', 'credentials.addInstance', resource, (intent) =>
    run.host.credentials.addInstance(intent, gmsaCredentialSpec(specOf(input)) ?? '', inVm ? 'HvSocket' : 'LRPC'),
  );
  const made = await findInstance(run, id);
  if (made === undefined) {
    fail(
      'credential-guard-lost',
      id,
      `the host made a credential guard instance for ${id} but does not list it`,
      'Look at the event log Microsoft-Windows-Containers-CCG/Admin.',
    );
  }
  if (inVm) await openServiceToVm(run, input, made);
  return { credentialGuard: made.state };
}
