/** Files of the host that a VM may open, by whom they are needed. HCS is asked once for each file. */
import type { Held } from './holders.ts';
import { type Attached, attachedBefore, attachedNow, type Detached, joined, left } from './outcome.ts';

export interface FileAccess extends Held {
  readonly hostPath: string;
}

export interface AccessPart {
  readonly access: readonly FileAccess[];
}

/** `holder` needs the VM to open a file; `isNew` when the right has to be granted. There is nothing to modify. */
export function attachAccess<S extends AccessPart>(
  attachments: S,
  { hostPath }: Pick<FileAccess, 'hostPath'>,
  holder: string,
): Attached<S, FileAccess> {
  const existing = attachments.access.find((one) => one.hostPath === hostPath);
  if (existing !== undefined) {
    return attachedBefore({ ...attachments, access: joined(attachments.access, existing, holder) }, existing);
  }
  const access: FileAccess = { hostPath, holders: [holder] };
  return attachedNow({ ...attachments, access: [...attachments.access, access] }, access, []);
}

/** `holder` needs the right no more; `isLast` when it has to be revoked. */
export function detachAccess<S extends AccessPart>(
  attachments: S,
  where: Pick<FileAccess, 'hostPath'>,
  holder: string,
): Detached<S> {
  const { access } = attachments;
  const entry = access.find(({ hostPath }) => hostPath === where.hostPath);
  const { list, gone } = left(access, entry, holder);
  return {
    attachments: list === access ? attachments : { ...attachments, access: list },
    isLast: gone !== undefined,
    modify: [],
  };
}
