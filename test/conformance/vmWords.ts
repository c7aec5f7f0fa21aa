/** What somebody holds in a VM, in the words of the snapshot of its host. */

import { SCSI_CONTROLLER_IDS } from '../../src/domain/utilityVm.ts';
import type { VmRecord } from '../../src/vm/claims.ts';
import type { Held } from '../../src/vm/holders.ts';

/** The lines of all that is held by `holders` and by nobody else. */
export function linesHeldBy({ traits, attachments }: VmRecord, holders: ReadonlySet<string>): readonly string[] {
  const vm = traits.id;
  const mine = <E extends Held>(entries: readonly E[]) =>
    entries.filter((one) => one.holders.every((id) => holders.has(id)));
  const { scsi, vsmb, plan9, vpmem, vpci, network, pipes, hvSocket, combinedLayers, access } = attachments;
  const isWindows = attachments.guest === 'windows';
  return [
    ...mine(scsi.disks).map(({ controller, lun }) => `scsi ${vm} ${SCSI_CONTROLLER_IDS[controller]}/${lun}`),
    ...vsmb.shares.flatMap((share) => {
      if (share.kind === 'folder') return mine([share]).map(({ name }) => `vsmbShare ${vm} ${name}`);
      const lines = share.files.filter(({ holder }) => holders.has(holder));
      const whole = lines.length === share.files.length ? [`vsmbShare ${vm} ${share.name}`] : [];
      return [...whole, ...lines.map(({ hostPath }) => `vsmbAllowedFile ${vm} ${share.name} ${hostPath}`)];
    }),
    ...mine(plan9.shares).map(({ name }) => `plan9Share ${vm} ${name}`),
    ...mine(vpmem.layers).map(({ device, mapping }) =>
      mapping === undefined ? `vpmem ${vm} ${device}` : `vpmem ${vm} ${device}/Mappings/${mapping.offset}`,
    ),
    ...mine(vpci.devices).map(({ vmBusGuid }) => `vpci ${vm} ${vmBusGuid}`),
    ...network.namespaces.flatMap((namespace) => [
      ...(isWindows ? mine([namespace]).map(({ id }) => `guestNamespace ${vm} ${id}`) : []),
      ...mine(namespace.nics).flatMap(({ nicId }) => [
        `networkAdapter ${vm} ${nicId}`,
        ...(isWindows ? [`guest.nicPreAdd ${vm} ${nicId}`] : []),
      ]),
    ]),
    ...mine(pipes).map(({ hostPath }) => `mappedPipe ${vm} ${hostPath}`),
    ...mine(hvSocket.services).map(({ serviceId }) => `hvSocketService ${vm} ${serviceId}`),
    ...mine(combinedLayers).map(({ rootPath }) => `combinedLayers ${vm} ${rootPath}`),
    ...mine(access).map(({ hostPath }) => `grant.vmAccess ${vm} ${hostPath}`),
  ];
}
