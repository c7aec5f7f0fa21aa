/** A VM that does what it is told, and a model of who needs what: both must agree with the attachments at all times. */
import { isDeepStrictEqual } from 'node:util';
import { expect } from '@jest/globals';
import type { ModifySettingRequest } from '../../src/domain/modifyRequest.ts';
import type { VmAttachments } from '../../src/vm/attachments.ts';
import type { Detached } from '../../src/vm/outcome.ts';
import { fc } from '../support/property.ts';

/** What an attach may answer, as far as the model cares. */
type Outcome =
  | {
      readonly kind: 'attached';
      readonly attachments: VmAttachments;
      readonly attached: unknown;
      readonly modify: readonly ModifySettingRequest[];
    }
  | { readonly kind: 'full' | 'tooLarge' | 'conflict' | 'refused' };

/** What is asked for, what names it, and how it is let go of. */
export interface Need {
  /** Two needs of one name are the same thing. */
  readonly name: string;
  readonly attach: (attachments: VmAttachments, holder: string) => Outcome;
  readonly detach: (attachments: VmAttachments, attached: unknown, holder: string) => Detached<VmAttachments>;
}

export interface KindUnderTest {
  readonly start: VmAttachments;
  readonly needs: readonly Need[];
  /** The names of all needs that are attached, each with its holders. */
  readonly held: (attachments: VmAttachments) => ReadonlyArray<readonly [name: string, holders: readonly string[]]>;
  /** What no two things may have in common. */
  readonly slots: (attachments: VmAttachments) => readonly string[];
}

type Settings = Readonly<Record<string, string>>;

/** What the request is about. */
function subjectOf({ ResourcePath, Settings, GuestRequest }: ModifySettingRequest): string {
  const guest = GuestRequest?.Settings as Settings | undefined;
  if (ResourcePath === undefined) return `${GuestRequest?.ResourceType} ${guest?.ContainerRootPath ?? guest?.ID}`;
  return `${ResourcePath} ${(Settings as Settings | undefined)?.Name ?? ''}`;
}

/** A VM that refuses to take what it has and to give what it has not. */
function obedientVm() {
  const has = new Map<string, ModifySettingRequest>();
  const isHvSocket = ({ ResourcePath }: ModifySettingRequest) => ResourcePath?.includes('/HvSocket/') === true;
  return {
    has,
    obey(request: ModifySettingRequest): void {
      const subject = subjectOf(request);
      const inGuest = request.GuestRequest?.Settings as Settings | undefined;
      const verb = request.RequestType ?? request.GuestRequest?.RequestType;
      if (inGuest?.RequestType === 'PreAdd') return;
      const mustHave = verb === 'Remove' || (verb === 'Update' && !isHvSocket(request));
      expect([verb, subject, has.has(subject)]).toEqual([verb, subject, mustHave]);
      if (verb === 'Remove') has.delete(subject);
      else has.set(subject, request);
    },
  };
}

interface Move {
  readonly need: number;
  readonly holder: string;
  readonly attaches: boolean;
}

const HOLDERS = ['pod', 'web', 'db', 'cache'];

const moves = (needs: number) =>
  fc.array(
    fc.record({
      need: fc.nat({ max: needs - 1 }),
      holder: fc.constantFrom(...HOLDERS),
      attaches: fc.boolean(),
    }),
    { maxLength: 40 },
  );

/** Without what only grows. */
export function withoutNumbers({ vsmb, plan9, ...rest }: VmAttachments): object {
  return { ...rest, vsmb: { ...vsmb, namesGiven: 0 }, plan9: { ...plan9, namesGiven: 0 }, numbersGiven: 0 };
}

class Play {
  attachments: VmAttachments;
  readonly vm = obedientVm();
  private readonly needed = new Map<string, { readonly attached: unknown; readonly holders: Set<string> }>();

  private readonly kind: KindUnderTest;

  constructor(kind: KindUnderTest) {
    this.kind = kind;
    this.attachments = kind.start;
  }

  private take(next: { readonly attachments: VmAttachments; readonly modify: readonly ModifySettingRequest[] }): void {
    this.attachments = next.attachments;
    for (const request of next.modify) this.vm.obey(request);
  }

  attach(need: Need, holder: string): void {
    const outcome = need.attach(this.attachments, holder);
    if (outcome.kind !== 'attached') {
      expect(this.needed.has(need.name)).toBe(outcome.kind === 'conflict');
      return;
    }
    this.take(outcome);
    const { holders } = this.needed.get(need.name) ?? { holders: new Set<string>() };
    this.needed.set(need.name, { attached: outcome.attached, holders: holders.add(holder) });
  }

  detach(need: Need, holder: string): void {
    const needed = this.needed.get(need.name);
    if (needed === undefined) return;
    const detached = need.detach(this.attachments, needed.attached, holder);
    const wasHeld = needed.holders.delete(holder);
    expect(detached.isLast).toBe(wasHeld && needed.holders.size === 0);
    if (!wasHeld) expect(detached).toStrictEqual({ attachments: this.attachments, isLast: false, modify: [] });
    if (needed.holders.size === 0) this.needed.delete(need.name);
    this.take(detached);
  }

  expectAgreement(): void {
    const held = this.kind.held(this.attachments).map(([name, holders]) => [name, [...holders].sort()]);
    const needed = [...this.needed].map(([name, { holders }]) => [name, [...holders].sort()]);
    const slots = this.kind.slots(this.attachments);
    const isPlain = isDeepStrictEqual(JSON.parse(JSON.stringify(this.attachments)), this.attachments);
    const seen = { held: held.sort(), slots, isPlain };
    expect(seen).toEqual({ held: needed.sort(), slots: [...new Set(slots)], isPlain: true });
  }
}

/** Random attaches and detaches by several holders; then all holders go. */
export function expectHoldersToDecide(kind: KindUnderTest): void {
  const property = fc.property(moves(kind.needs.length), (sequence: readonly Move[]) => {
    const play = new Play(kind);
    for (const { need: index, holder, attaches } of sequence) {
      const need = kind.needs[index];
      if (need === undefined) continue;
      if (attaches) play.attach(need, holder);
      else play.detach(need, holder);
      play.expectAgreement();
    }
    for (const need of kind.needs) for (const holder of HOLDERS) play.detach(need, holder);
    expect(withoutNumbers(play.attachments)).toStrictEqual(withoutNumbers(kind.start));
    expect([...play.vm.has.keys()]).toEqual([]);
  });
  fc.assert(property);
}
