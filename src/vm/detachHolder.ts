import { detachAccess } from './access.ts';
import type { VmAttachments } from './attachments.ts';
import { detachCombinedLayers } from './combinedLayers.ts';
import type { Held } from './holders.ts';
import { detachHvSocket } from './hvSocket.ts';
import { detachNamespace, detachNic } from './network.ts';
import type { Detached } from './outcome.ts';
import { detachPipe } from './pipes.ts';
import { detachPlan9 } from './plan9.ts';
import { detachScsi } from './scsi.ts';
import { detachVpci } from './vpci.ts';
import { detachVpmem } from './vpmem.ts';
import { detachVsmb, type VsmbLocation } from './vsmb.ts';

type Detach = (attachments: VmAttachments) => Detached<VmAttachments>;

function sharesOf({ vsmb }: VmAttachments): ReadonlyArray<VsmbLocation & Held> {
  return vsmb.shares.flatMap((share) =>
    share.kind === 'folder'
      ? [{ name: share.name, holders: share.holders }]
      : share.files.map(({ hostPath, holder }) => ({ name: share.name, file: hostPath, holders: [holder] })),
  );
}

/** File systems come apart before the disks and the shares that they are made of. */
function detachesOf(attachments: VmAttachments, holder: string): readonly Detach[] {
  const mine = <E extends Held>(entries: readonly E[]) => entries.filter(({ holders }) => holders.includes(holder));
  const { network, vpci, hvSocket, pipes, plan9, combinedLayers, scsi, vpmem, access } = attachments;
  const nics = network.namespaces.flatMap((namespace) =>
    mine(namespace.nics).map(({ endpoint }) => ({ namespace: namespace.id, endpointId: endpoint.ID })),
  );
  return [
    ...nics.map(
      (one): Detach =>
        (state) =>
          detachNic(state, one, holder),
    ),
    ...mine(network.namespaces).map(
      (one): Detach =>
        (state) =>
          detachNamespace(state, one, holder),
    ),
    ...mine(vpci.devices).map(
      (one): Detach =>
        (state) =>
          detachVpci(state, one, holder),
    ),
    ...mine(hvSocket.services).map(
      (one): Detach =>
        (state) =>
          detachHvSocket(state, one, holder),
    ),
    ...mine(pipes).map(
      (one): Detach =>
        (state) =>
          detachPipe(state, one, holder),
    ),
    ...mine(plan9.shares).map(
      (one): Detach =>
        (state) =>
          detachPlan9(state, one, holder),
    ),
    ...mine(combinedLayers).map(
      (one): Detach =>
        (state) =>
          detachCombinedLayers(state, one, holder),
    ),
    ...mine(scsi.disks).map(
      (one): Detach =>
        (state) =>
          detachScsi(state, one, holder),
    ),
    ...mine(vpmem.layers).map(({ device, mapping }): Detach => {
      const where = mapping === undefined ? { device } : { device, offset: mapping.offset };
      return (state) => detachVpmem(state, where, holder);
    }),
    ...mine(sharesOf(attachments)).map(
      (one): Detach =>
        (state) =>
          detachVsmb(state, one, holder),
    ),
    ...mine(access).map(
      (one): Detach =>
        (state) =>
          detachAccess(state, one, holder),
    ),
  ];
}

/**
 * `holder` needs nothing any more: all that it holds, in an order in which it can be taken off. `isLast` says whether
 * anything went for good.
 */
export function detachHolder(attachments: VmAttachments, holder: string): Detached<VmAttachments> {
  return detachesOf(attachments, holder).reduce<Detached<VmAttachments>>(
    (so, detach) => {
      const next = detach(so.attachments);
      return {
        attachments: next.attachments,
        isLast: so.isLast || next.isLast,
        modify: [...so.modify, ...next.modify],
      };
    },
    { attachments, isLast: false, modify: [] },
  );
}
