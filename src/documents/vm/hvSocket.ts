import { LINUX_VM_PORT } from '../../domain/utilityVm.ts';
import type { HvSocketDocument } from './schema.ts';

/** In SDDL: full access for SYSTEM and administrators. */
const ADMINISTRATORS = 'D:P(A;;FA;;;SY)(A;;FA;;;BA)';
/** In SDDL: full access for everyone. */
const EVERYONE = 'D:P(A;;FA;;;WD)';

/** The service id of a port of a Linux guest. */
function serviceId(port: number): string {
  return `${port.toString(16).padStart(8, '0')}-facb-11e6-bd58-64006a7986d3`;
}

/** The guest's sockets are bound by those that run VMs, and by nobody else. */
export function hvSocket(): HvSocketDocument {
  return { HvSocketConfig: { DefaultBindSecurityDescriptor: ADMINISTRATORS } };
}

/** HCS shuts every port of a confidential VM that is not in its table. */
export function confidentialHvSocket(): HvSocketDocument {
  const service = {
    BindSecurityDescriptor: EVERYONE,
    ConnectSecurityDescriptor: ADMINISTRATORS,
    AllowWildcardBinds: true,
  };
  return {
    HvSocketConfig: {
      DefaultBindSecurityDescriptor: EVERYONE,
      DefaultConnectSecurityDescriptor: ADMINISTRATORS,
      ServiceTable: Object.fromEntries(Object.values(LINUX_VM_PORT).map((port) => [serviceId(port), service])),
    },
  };
}
