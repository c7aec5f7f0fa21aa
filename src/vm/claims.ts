/**
 * Claiming a place in a VM before the host is asked for it, and giving it up after the host has taken it off. Between
 * the two the holder is unsettled: what only unsettled holders hold may or may not be there, and nobody joins them.
 */
import type { ModifySettingRequest } from '../domain/modifyRequest.ts';
import type { VmTraits } from '../domain/utilityVm.ts';
import type { VmAttachments } from './attachments.ts';
import { detachHolder } from './detachHolder.ts';
import type { Attached, Conflict, Detached, Full, Refused, TooLarge } from './outcome.ts';

/** All that is known of a running VM, as plain JSON. */
export interface VmRecord {
  readonly traits: VmTraits;
  readonly attachments: VmAttachments;
  /** Holders whose attaching or detaching has not been answered. */
  readonly unsettled: readonly string[];
}

export type NoPlace = Full | Conflict | TooLarge | Refused;

export type Attach<Where> = (attachments: VmAttachments, holder: string) => Attached<VmAttachments, Where> | NoPlace;

/** `wait`: it is being attached or taken off for somebody else; ask again when that is settled. */
export type Claim<Where> =
  | Pick<Attached<VmAttachments, Where>, 'kind' | 'attached' | 'isNew' | 'modify'>
  | { readonly kind: 'wait' }
  | NoPlace;

export interface Change<Value> {
  readonly record: VmRecord;
  readonly value: Value;
}

const without = (list: readonly string[], holder: string): readonly string[] => list.filter((one) => one !== holder);

function settledPart({ attachments, unsettled }: VmRecord): VmAttachments {
  return unsettled.reduce((so, holder) => detachHolder(so, holder).attachments, attachments);
}

type Requests = Pick<Detached<VmAttachments>, 'modify'>;

const updatesIn = ({ modify }: Requests) => modify.filter(({ RequestType }) => RequestType === 'Update');

/** An update tells all that is to be there: two that are on their way at once, and come in another order, undo each other. */
function tellTheSame(a: Requests, b: Requests): boolean {
  return JSON.stringify(updatesIn(a)) === JSON.stringify(updatesIn(b));
}

/** What has to be sent begins with the same verb, or nothing has to be sent; only the slot may differ. */
function isAlike(a: Attached<VmAttachments, unknown>, b: ReturnType<Attach<unknown>>): boolean {
  if (b.kind !== 'attached' || a.isNew !== b.isNew) return false;
  return a.modify[0]?.RequestType === b.modify[0]?.RequestType && tellTheSame(a, b);
}

/** Claims a place for `holder`. When `isNew`, the host has to be asked, and then `settle` or `giveUp` has to be said. */
export function claim<Where>(record: VmRecord, holder: string, attach: Attach<Where>): Change<Claim<Where>> {
  const outcome = attach(record.attachments, holder);
  const { unsettled } = record;
  if (unsettled.length > 0) {
    const alone = attach(settledPart(record), holder);
    const standsOnUnsettled = outcome.kind === 'attached' ? !isAlike(outcome, alone) : alone.kind === 'attached';
    if (standsOnUnsettled) return { record, value: { kind: 'wait' } };
  }
  if (outcome.kind !== 'attached') return { record, value: outcome };
  const { attachments, ...value } = outcome;
  return { record: { ...record, attachments, unsettled: value.isNew ? [...unsettled, holder] : unsettled }, value };
}

/** The host has answered: what `holder` claimed is there. */
export function settle(record: VmRecord, holder: string): VmRecord {
  return { ...record, unsettled: without(record.unsettled, holder) };
}

/** `wait`: the host would be told of something that is being attached or taken off for somebody else. */
export type Leave =
  | ({ readonly kind: 'left' } & Pick<Detached<VmAttachments>, 'isLast' | 'modify'>)
  | { readonly kind: 'wait' };

function tellsOfUnsettled(record: VmRecord, holder: string, detached: Requests): boolean {
  const unsettled = without(record.unsettled, holder);
  if (unsettled.length === 0 || updatesIn(detached).length === 0) return false;
  return !tellTheSame(detached, detachHolder(settledPart({ ...record, unsettled }), holder));
}

export interface LeavingSoFar {
  /** What the host was asked already. */
  readonly asked: readonly ModifySettingRequest[];
  /** Whether the place stays taken when nothing has to be asked any more. */
  readonly keepsPlace: boolean;
  /** Whether the host was asked for the place and has not answered: it may yet do all that it was told. */
  readonly mayStillCome: boolean;
}

const AT_FIRST: LeavingSoFar = { asked: [], keepsPlace: true, mayStillCome: false };

/**
 * What the host has still to be asked to take off for `holder`. Empty when others need it too: then it is given up,
 * unless what the host was told for it may still come, with all that was there at that time. To be said again after
 * the host was asked, for what others gave up meanwhile may have to be taken off as well.
 */
export function leave(record: VmRecord, holder: string, { asked, keepsPlace, mayStillCome } = AT_FIRST): Change<Leave> {
  const { isLast, modify: all } = detachHolder(record.attachments, holder);
  const before = new Set(asked.map((request) => JSON.stringify(request)));
  const modify = all.filter((request) => !before.has(JSON.stringify(request)));
  if (tellsOfUnsettled(record, holder, { modify })) return { record, value: { kind: 'wait' } };
  const value = { kind: 'left', isLast, modify } as const;
  const isDone = isLast ? modify.length === 0 && !keepsPlace : !mayStillCome;
  if (isDone) return { record: giveUp(record, holder), value };
  const unsettled = [...without(record.unsettled, holder), holder];
  return { record: { ...record, unsettled }, value };
}

/** Nothing is there for `holder` any more, or ever was. */
export function giveUp(record: VmRecord, holder: string): VmRecord {
  const { attachments } = detachHolder(record.attachments, holder);
  return { ...record, attachments, unsettled: without(record.unsettled, holder) };
}
