/** Taking places in a utility VM, and giving them back, by what its record says. */
import type { Fault } from '../domain/fault.ts';
import type { ResourceId, VmId } from '../domain/ids.ts';
import type { ModifySettingRequest } from '../domain/modifyRequest.ts';
import type { Resource, VmPart } from '../domain/resource.ts';
import { type StepName, VM_STEPS } from '../domain/step.ts';
import { HostError, isGone, isVmGone } from '../hcs/hostError.ts';
import type { Intent } from '../hcs/intent.ts';
import { attachAccess } from '../vm/access.ts';
import type { VmAttachments } from '../vm/attachments.ts';
import {
  type Attach,
  type Claim,
  claim,
  giveUp,
  type Leave,
  type LeavingSoFar,
  leave,
  type NoPlace,
  settle,
} from '../vm/claims.ts';
import { Failure } from './faults.ts';
import type { Run } from './run.ts';

/** The pause before it is looked again whether somebody else's attaching or detaching has been answered. */
const LOOK_AGAIN_MS = 20;

/** How often it is looked before one try to release something counts as failed. */
const LOOKS = 250;

/** How often it is looked before it is asked whether those that are waited for are alive. */
const LOOKS_BEFORE_REAPING = 10;

/** Where something goes. */
export interface Place {
  readonly step: StepName;
  readonly vm: VmId;
  /** For people: `layer C:\layers\base`. */
  readonly what: string;
  readonly part: VmPart;
}

type Claimed<Where> = Extract<Claim<Where>, { kind: 'attached' }>;

function vmGone({ step, vm, what }: Place): Failure {
  return new Failure({
    code: 'vm-gone',
    message: `${what} cannot be put into VM ${vm}: the VM has ended`,
    hint: 'Make another VM, and create the container in that one.',
    step,
    transient: false,
    resource: { description: `${what} in VM ${vm}` },
  });
}

const FULL_OF = { scsiSlots: 'slots for SCSI disks', vpmemDevices: 'VPMem devices', vpmemSpace: 'bytes of VPMem' };

const REFUSED = {
  wrongGuest: 'its guest does not know such a thing',
  writableSharesDenied: 'it takes no shares that can be written to',
  namespaceNotAttached: 'its network namespace is not in the VM',
};

function reasonOf(no: NoPlace): Pick<Fault, 'code' | 'message' | 'hint'> {
  switch (no.kind) {
    case 'full':
      return {
        code: 'no-free-slot',
        message: `all ${no.size} ${FULL_OF[no.full]} are taken`,
        hint: 'Release containers in this VM, or make another VM with more room.',
      };
    case 'tooLarge':
      return {
        code: 'no-free-slot',
        message: `${no.sizeInBytes} bytes are more than the ${no.limitInBytes} that one device takes`,
        hint: 'Use a smaller layer.',
      };
    case 'conflict':
      return {
        code: 'vm-attachment-conflict',
        message: `it is there already for ${no.holders.join(', ')}, with another ${no.on}`,
        hint: 'Ask for it in the same way in all containers of the VM, or release the other one first.',
      };
    default:
      return {
        code: 'vm-attachment-refused',
        message: REFUSED[no.because],
        hint: 'Change the request, or the options of the VM.',
      };
  }
}

function noPlace(place: Place, no: NoPlace): Failure {
  const { code, message, hint } = reasonOf(no);
  return new Failure({
    code,
    message: `${place.what} cannot be put into VM ${place.vm}: ${message}`,
    hint,
    step: place.step,
    transient: false,
    resource: { description: `${place.what} in VM ${place.vm}` },
  });
}

/** @throws {Failure} when there is no place, or no VM */
async function claimed<Where>(
  run: Run,
  place: Place,
  holder: ResourceId,
  attach: Attach<Where>,
): Promise<Claimed<Where>> {
  for (let looks = 1; ; looks += 1) {
    const answer = await run.vms.change(place.vm, (record) => claim(record, holder, attach));
    if (answer === undefined) throw vmGone(place);
    if (answer.kind === 'attached') return answer;
    if (answer.kind !== 'wait') throw noPlace(place, answer);
    await run.waitFor(`what others do in VM ${place.vm} with ${place.what}`, () =>
      run.pause(place.step, LOOK_AGAIN_MS),
    );
    if (looks % LOOKS_BEFORE_REAPING === 0) await run.reapIn(place.vm);
  }
}

/** What a release was tried of stays unsettled, so that nobody joins it: it is taken off for good next. */
async function settled(run: Run, vm: VmId, holder: ResourceId): Promise<void> {
  if (run.wasReleaseTried(holder)) return;
  await run.vms.change(vm, (record) => ({ record: settle(record, holder), value: undefined }));
}

async function givenUp(run: Run, vm: VmId, holder: ResourceId): Promise<void> {
  await run.vms.change(vm, (record) => ({ record: giveUp(record, holder), value: undefined }));
}

/**
 * Attaches what `attach` says under a ledger entry of its own, and gives where it is. What others have attached
 * already is shared with them, without a word to the host.
 */
export function attachToVm<Where>(run: Run, place: Place, attach: Attach<Where>): Promise<Where> {
  const { step, vm, what, part } = place;
  const resource: Resource<'vmAttachment'> = { kind: 'vmAttachment', vm, what, part };
  return run.hold(step, resource, async (intent) => {
    const holder = intent.entry.id;
    const { attached, isNew, modify } = await claimed(run, place, holder, attach);
    for (const request of modify) {
      await refusedIsNothing(run, vm, holder, request === modify[0], () =>
        run.step(step, 'guest.attach', what, () => run.host.guest.attach(intent, request)),
      );
    }
    if (isNew) await settled(run, vm, holder);
    return attached;
  });
}

/** When the host says at the first request that the place is somebody else's, then nothing of ours is there. */
async function refusedIsNothing(
  run: Run,
  vm: VmId,
  holder: ResourceId,
  isFirst: boolean,
  ask: () => Promise<void>,
): Promise<void> {
  try {
    await ask();
  } catch (error) {
    const isConflict = error instanceof HostError && error.failure.class === 'conflict';
    if (isFirst && isConflict) await givenUp(run, vm, holder);
    throw error;
  }
}

/** Lets the VM open a file of the host, where it may not already. */
export function grantToVm(run: Run, place: Place, path: string): Promise<void> {
  const { step, vm, part } = place;
  const resource: Resource<'vmAccess'> = { kind: 'vmAccess', vm, path, part };
  return run.hold(step, resource, async (intent: Intent<'vmAccess'>) => {
    const holder = intent.entry.id;
    const attach = (state: VmAttachments, by: string) => attachAccess(state, { hostPath: path }, by);
    const { isNew } = await claimed(run, place, holder, attach);
    if (!isNew) return;
    await run.step(step, 'vmAccess.grant', path, () => run.host.vmAccess.grant(intent));
    await settled(run, vm, holder);
  });
}

/** Whether the VM was still there to be asked; what is not there any more is off already. */
async function wasAsked(ask: () => Promise<void>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (!isGone(error)) throw error;
    return !isVmGone(error);
  }
}

/** undefined when the VM is not known any more. @throws {Failure} when somebody else's call does not answer */
async function left(run: Run, vm: VmId, what: string, holder: ResourceId, soFar?: LeavingSoFar) {
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const answer: Leave | undefined = await run.vms.change(vm, (record) => leave(record, holder, soFar));
    if (answer?.kind !== 'wait') return answer;
    await run.sleep(LOOK_AGAIN_MS);
    if (looks % LOOKS_BEFORE_REAPING === LOOKS_BEFORE_REAPING - 1) await run.reapIn(vm);
  }
  throw new Failure({
    code: 'outcome-unknown',
    message: `${what} cannot be taken off VM ${vm}: what is attached or taken off beside it has not been answered`,
    hint: 'Release it again when the other creates and releases in the VM have ended.',
    step: 'releasing',
    transient: true,
    resource: { description: `${what} in VM ${vm}` },
  });
}

/**
 * Takes off what the entry holds, where nobody else needs it. The place stays taken while the call that fills it is on
 * its way: it is needed to find what comes of that, and nobody else may have it. Gives the VM when that is gone, and all with it.
 */
export async function detachFromVm(
  run: Run,
  { vm, what }: Resource<'vmAttachment'>,
  holder: ResourceId,
): Promise<VmId | undefined> {
  const mayStillCome = run.isInFlight(holder);
  const asked: ModifySettingRequest[] = [];
  for (;;) {
    const leaving = await left(run, vm, what, holder, { asked, keepsPlace: mayStillCome, mayStillCome });
    if (leaving === undefined) return vm;
    if (leaving.modify.length === 0) return undefined;
    for (const request of leaving.modify) {
      const ask = () => run.call('releasing', 'guest.detach', what, () => run.host.guest.detach(vm, request));
      if (!(await wasAsked(ask))) return goneWith(run, vm, holder, mayStillCome);
      asked.push(request);
    }
  }
}

async function goneWith(run: Run, vm: VmId, holder: ResourceId, keepsPlace: boolean): Promise<VmId> {
  if (!keepsPlace) await givenUp(run, vm, holder);
  return vm;
}

/** Whether it was acquired for the VM itself, which is not in its record, and not for a container in it. */
function isOfVmItself(run: Run, holder: ResourceId): boolean {
  const steps: readonly string[] = VM_STEPS;
  return steps.includes(run.ledger.entry(holder).step);
}

/** Revokes the right where nobody else needs it; also when its VM has ended, for the right lies at the file. */
export async function revokeFromVm(
  run: Run,
  { vm, path }: Resource<'vmAccess'>,
  holder: ResourceId,
): Promise<undefined> {
  const mayStillCome = run.isInFlight(holder);
  const leaving = isOfVmItself(run, holder) ? undefined : await left(run, vm, `access to ${path}`, holder);
  if (leaving?.isLast === false) return;
  await wasAsked(() => run.call('releasing', 'vmAccess.revoke', path, () => run.host.vmAccess.revoke(vm, path)));
  if (!mayStillCome) await givenUp(run, vm, holder);
}
