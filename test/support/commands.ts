/** What may be asked for, and go wrong, with three provisions; and the little that a model of them knows. */
import type { FaultMoment } from '../../src/testing/index.ts';
import { expectHonest, expectNothingUnowned } from './commandClaims.ts';
import { requestFor, type SlotId } from './commandRequests.ts';
import type { CommandWorld, Slot } from './commandWorld.ts';
import { fc } from './property.ts';

/** Of each provision: nothing was asked for, or its caller was told that nothing is left; or there may be something. */
export type CommandModel = Map<SlotId, 'nothing' | 'something'>;

export type Command = fc.AsyncCommand<CommandModel, CommandWorld>;

interface Wish {
  /** Which of the three it is about. */
  readonly which: number;
  /** Whether all comes to rest before the next command. */
  readonly rests: boolean;
}

type Does = (world: CommandWorld, slot: Slot, id: SlotId, model: CommandModel) => Promise<unknown>;

const stateOf = (model: CommandModel, which: number) => [...model.values()][which];

const goneOf = (model: CommandModel): readonly SlotId[] =>
  [...model].filter(([, state]) => state === 'nothing').map(([id]) => id);

/** After a command: what must be so at once, and what when all has come to rest. */
async function judge(world: CommandWorld, model: CommandModel, rests: boolean): Promise<void> {
  if (!rests) {
    await world.moment();
    return expectNothingUnowned(world);
  }
  const unsettled = await world.rest();
  if (unsettled.length > 0) throw new Error(`this never comes to an end: ${unsettled.join(', ')}`);
  world.note();
  await expectHonest(world, goneOf(model));
}

const idOf = (world: CommandWorld, which: number): SlotId => {
  const id = world.ids[which % world.ids.length];
  if (id === undefined) throw new RangeError('there is no such provision');
  return id;
};

/** Something that is done with one provision that there may be. */
function withSlot(words: string, { which, rests }: Wish, does: Does): Command {
  return {
    check: (model) => stateOf(model, which) === 'something',
    run: async (model, world) => {
      const id = idOf(world, which);
      const slot = world.slots.get(id);
      if (slot !== undefined) world.go(`${words} ${id}`, does(world, slot, id, model));
      await judge(world, model, rests);
    },
    toString: () => `${words}(${which}${rests ? '' : ', and on'})`,
  };
}

/** Something that happens to all of them. */
function happens(words: string, rests: boolean, does: (world: CommandWorld, model: CommandModel) => unknown): Command {
  return {
    check: () => true,
    run: async (model, world) => {
      await does(world, model);
      await judge(world, model, rests);
    },
    toString: () => `${words}${rests ? '' : ', and on'}`,
  };
}

/** What its caller does with the container, if there is one. */
const onContainer =
  (does: (container: NonNullable<Slot['container']>) => Promise<unknown>): Does =>
  async (_, slot) => {
    await slot.known;
    if (slot.container !== undefined) await does(slot.container);
  };

/** A run that is in doubt has its id until the call has answered that it waits for. */
function noteGone({ provision }: Slot, id: SlotId, model: CommandModel, residue: readonly unknown[] = []): void {
  const hasEnded = ['failed', 'released', 'exited'].includes(provision.state.status);
  if (hasEnded && residue.length === 0) model.set(id, 'nothing');
}

const release: Does = async (_, slot, id, model) => {
  await slot.known;
  const report = await (slot.container ?? slot.held)?.release();
  noteGone(slot, id, model, report?.residue);
};

const deleteOf =
  (force: boolean): Does =>
  async (_, slot, id, model) => {
    await slot.known;
    const report = await slot.container?.delete({ force });
    noteGone(slot, id, model, report?.residue);
  };

const cancel: Does = async (_, slot, id, model) => {
  const outcome = await slot.provision.cancel('by a command');
  if (outcome.cancelled) noteGone(slot, id, model, outcome.residue);
};

/** The first residue of the provision becomes its caller's; where that is in use, nothing is waived. */
const waive: Does = async ({ provisioner }, { provision }) => {
  const residue = (await provisioner.residue()).filter(({ run }) => run.provisionId === provision.id);
  const [first] = residue.filter(({ entry }) => entry.resource.kind === 'scratchFolder');
  if (first !== undefined) await provisioner.waiveResidue(first.entry.id);
};

const retry = async ({ provisioner }: CommandWorld): Promise<void> => {
  if ((await provisioner.residue()).length > 0) await provisioner.retryResidue();
};

const wish = { which: fc.nat({ max: 2 }), rests: fc.boolean() };
const wished = fc.record(wish);

const create = fc
  .record({ ...wish, lifetime: fc.constantFrom('process' as const, 'host' as const), keepOnFailure: fc.boolean() })
  .map(({ which, rests, lifetime, keepOnFailure }): Command => {
    return {
      check: (model) => stateOf(model, which) === 'nothing',
      run: async (model, world) => {
        const id = idOf(world, which);
        const slot = world.enter(id, world.provisioner.create(requestFor(id, lifetime, keepOnFailure)));
        model.set(id, 'something');
        world.go(`create ${id}`, slot.known);
        await judge(world, model, rests);
      },
      toString: () =>
        `create(${which}, ${lifetime}${keepOnFailure ? ', kept on failure' : ''}${rests ? '' : ', and on'})`,
    };
  });

const inject = fc
  .record({
    nth: fc.integer({ min: 1, max: 40 }),
    when: fc.constantFrom<FaultMoment>('before', 'after', 'never', 'neverAfterEffect'),
    hresult: fc.constantFrom(0x80070005, 0x80070015, 0x8007048f, 0x800706ba),
  })
  .map((fault) =>
    happens(`inject(${fault.nth}, ${fault.when}, 0x${fault.hresult.toString(16)})`, false, (world) =>
      world.inject(fault),
    ),
  );

const death = fc
  .record({ awayMs: fc.constantFrom(0, 4_500, 300_000), survive: fc.boolean(), rests: fc.boolean() })
  .map(({ awayMs, survive, rests }) =>
    happens(`serviceDies(${awayMs}${survive ? '' : ', with all systems'})`, rests, (world) =>
      world.serviceDies(awayMs, survive),
    ),
  );

const each = (words: string, does: Does) => wished.map((one) => withSlot(words, one, does));

export const COMMANDS: ReadonlyArray<fc.Arbitrary<Command>> = [
  create,
  create,
  each(
    'start',
    onContainer((container) => container.start()),
  ),
  each(
    'start',
    onContainer((container) => container.start()),
  ),
  each(
    'exec',
    onContainer((container) => container.exec({ args: ['short'] })),
  ),
  each(
    'execForever',
    onContainer((container) => container.exec({ args: ['sleep'] })),
  ),
  each(
    'signal',
    onContainer((container) => container.signal('TERM')),
  ),
  each(
    'stop',
    onContainer((container) => container.shutdown({ timeoutMs: 1_000 })),
  ),
  each(
    'stopAtOnce',
    onContainer((container) => container.shutdown({ timeoutMs: 0 })),
  ),
  each('delete', deleteOf(false)),
  each('deleteWithForce', deleteOf(true)),
  each('cancel', cancel),
  each('release', release),
  each('waive', waive),
  fc.boolean().map((rests) => happens('retry', rests, (world) => world.go('retry', retry(world)))),
  inject,
  inject,
  fc.boolean().map((rests) => happens('answer', rests, (world) => world.host.answerPending())),
  death,
  fc.boolean().map((rests) => happens('restart', rests, (world) => world.restart())),
];
