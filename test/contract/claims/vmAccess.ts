import { intend } from '../../support/intents.ts';
import { type HostUnderTest, suite } from '../claim.ts';
import { refused } from '../expect.ts';
import { dataDisk, grantIntent, VM } from '../world.ts';

const group = (path: string) => intend({ kind: 'vmGroupAccess', path });

const missing = ({ folder }: HostUnderTest): string => `${folder}\\missing.vhdx`;

export const VM_ACCESS = suite('vmAccess', [
  [
    'a right is given, given again without complaint, and taken back once',
    ['described'],
    async ({ host: { vmAccess }, folder }) => {
      const path = dataDisk(folder);
      await vmAccess.grant(grantIntent(path));
      await vmAccess.grant(grantIntent(path));
      await vmAccess.revoke(VM, path);
      await refused('vmAccess.revoke', vmAccess.revoke(VM, path), 'ERROR_NOT_FOUND');
    },
  ],
  [
    'so is the right of all VMs',
    ['described'],
    async ({ host: { vmAccess }, folder }) => {
      const path = dataDisk(folder);
      await vmAccess.grantGroup(group(path));
      await vmAccess.grantGroup(group(path));
      await vmAccess.revokeGroup(path);
      await refused('vmAccess.revokeGroup', vmAccess.revokeGroup(path), 'ERROR_NOT_FOUND');
    },
  ],
  [
    'there are no rights to a file that is not there',
    [],
    async (on) => {
      const { vmAccess } = on.host;
      const path = missing(on);
      await refused('vmAccess.grant', vmAccess.grant(grantIntent(path)), 'ERROR_FILE_NOT_FOUND');
      await refused('vmAccess.revoke', vmAccess.revoke(VM, path), 'ERROR_FILE_NOT_FOUND');
      await refused('vmAccess.grantGroup', vmAccess.grantGroup(group(path)), 'ERROR_FILE_NOT_FOUND');
      await refused('vmAccess.revokeGroup', vmAccess.revokeGroup(path), 'ERROR_FILE_NOT_FOUND');
    },
  ],
]);
