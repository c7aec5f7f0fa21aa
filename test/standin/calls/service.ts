/** computecore.dll: the service itself, and the rights of VMs; what ntdll says of the host. */
import { containerId, vmId } from '../../../src/domain/ids.ts';
import { HRESULT } from '../../../src/hcs/codeTable.ts';
import { HostError } from '../../../src/hcs/hostError.ts';
import type { CredentialGuardInstance } from '../../../src/hcs/port.ts';
import { fieldsOf, textOf, textsOf } from '../../../src/hcs/simulated/fields.ts';
import { intend } from '../../support/intents.ts';
import type { Session } from '../session.ts';
import { type Calls, documentOf, type Given, NOTHING, notSupported, type Outcome } from './call.ts';

/** From which build on HCS knows a schema of major version 2. */
const SCHEMAS = [
  [17763, 0],
  [17763, 1],
  [18362, 2],
  [19041, 3],
  [20348, 4],
  [20348, 5],
  [22000, 6],
] as const;

function basic({ world }: Session): object {
  const known = SCHEMAS.filter(([build]) => build <= world.state.build).map(([, Minor]) => ({ Major: 2, Minor }));
  return { SupportedSchemaVersions: [{ Major: 1, Minor: 0 }, ...known] };
}

async function topology({ process }: Session): Promise<object> {
  const { processorCount } = await process.facts();
  return {
    LogicalProcessorCount: processorCount,
    LogicalProcessors: Array.from({ length: processorCount }, (_, LpIndex) => ({ LpIndex, NodeNumber: 0 })),
  };
}

function instanceOf({ id, state, hvSocket }: CredentialGuardInstance): object {
  const instance = { Id: id, CredentialGuard: state };
  if (hvSocket === undefined) return instance;
  const ServiceConfig = {
    BindSecurityDescriptor: hvSocket.bindSecurityDescriptor,
    ConnectSecurityDescriptor: hvSocket.connectSecurityDescriptor,
    AllowWildcardBinds: hvSocket.allowWildcardBinds,
  };
  return { ...instance, HvSocketConfig: { ServiceId: hvSocket.serviceId, ServiceConfig } };
}

async function propertyOf(session: Session, given: Given, type: string): Promise<object> {
  if (type === 'Basic') return basic(session);
  if (type === 'ProcessorTopology') return topology(session);
  if (type !== 'ContainerCredentialGuard') throw new HostError(given.function, HRESULT.notSupported, type);
  return { Instances: (await session.process.credentials.instances()).map(instanceOf) };
}

/** Without types, HCS tells the basic ones. */
async function properties(session: Session, given: Given): Promise<Outcome> {
  const asked = textsOf(given.document(0).PropertyTypes);
  if (session.world.isDown) throw new HostError(given.function, HRESULT.serverUnavailable);
  const types = asked.length === 0 ? ['Basic'] : asked;
  const Properties: object[] = [];
  for (const type of types) Properties.push(await propertyOf(session, given, type));
  return documentOf({ Properties });
}

async function modify({ process }: Session, given: Given): Promise<Outcome> {
  const { PropertyType, Settings } = given.document(0);
  const { Operation, OperationDetails } = fieldsOf(Settings);
  const { Id, CredentialSpec, Transport } = fieldsOf(OperationDetails);
  const id = containerId(textOf(Id));
  if (PropertyType !== 'ContainerCredentialGuard') throw new HostError(given.function, HRESULT.notSupported);
  if (Operation === 'RemoveInstance') await process.credentials.removeInstance(id);
  else {
    const transport = Transport === 'HvSocket' ? 'HvSocket' : 'LRPC';
    await process.credentials.addInstance(intend({ kind: 'credentialGuard', id }), textOf(CredentialSpec), transport);
  }
  return NOTHING;
}

export const SERVICE: Calls = {
  HcsGetServiceProperties: properties,
  HcsModifyServiceSettings: modify,
  HcsSubmitWerReport: () => NOTHING,
  HcsCreateEmptyGuestStateFile: notSupported,
  HcsCreateEmptyRuntimeStateFile: notSupported,
  HcsGetProcessorCompatibilityFromSavedState: notSupported,
  HcsGrantVmAccess: async ({ process }, given) => {
    const access = { kind: 'vmAccess', vm: vmId(given.text(0)), path: given.text(1), part: 'rest' } as const;
    await process.vmAccess.grant(intend(access));
    return NOTHING;
  },
  HcsRevokeVmAccess: async ({ process }, given) => {
    await process.vmAccess.revoke(vmId(given.text(0)), given.text(1));
    return NOTHING;
  },
  HcsGrantVmGroupAccess: async ({ process }, given) => {
    await process.vmAccess.grantGroup(intend({ kind: 'vmGroupAccess', path: given.text(0) }));
    return NOTHING;
  },
  HcsRevokeVmGroupAccess: async ({ process }, given) => {
    await process.vmAccess.revokeGroup(given.text(0));
    return NOTHING;
  },
  RtlGetVersion: ({ world }) => ({ fields: [BigInt(world.state.build)] }),
};
