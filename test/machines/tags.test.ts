import { describe, expect, test } from '@jest/globals';
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { container, createContainer, process, utilityVm } from '../../src/machines/index.ts';

/** A state in which a machine can be seen, with what it says of itself and what it heeds there. */
interface Rest {
  readonly place: string;
  readonly tags: ReadonlySet<string>;
  readonly heeds: ReadonlySet<string>;
  readonly enters: ReadonlySet<unknown>;
}

const typeOf = (action: unknown): unknown => Object(action).type ?? action;

function restsOf(machine: AnyStateMachine): readonly Rest[] {
  const walk = (node: AnyStateNode, above: readonly AnyStateNode[]): readonly Rest[] => {
    const line = [...above, node];
    const inner = Object.values(node.states);
    if (inner.length > 0) return inner.flatMap((one) => walk(one, line));
    const isPassed = (node.always ?? []).length > 0 || (node.type === 'final' && node.parent !== machine.root);
    if (isPassed) return [];
    const place = node.path.join('.');
    const tags = new Set(line.flatMap((one) => one.tags));
    const heeds = new Set(line.flatMap((one) => [...one.transitions.keys()]));
    return [{ place, tags, heeds, enters: new Set(node.entry.map(typeOf)) }];
  };
  return walk(machine.root, []);
}

const places = (rests: readonly Rest[], choose: (rest: Rest) => boolean) =>
  rests.filter(choose).map(({ place }) => place);

describe.each([createContainer, utilityVm].map((machine) => [machine.id, restsOf(machine)] as const))(
  'what %s says of itself',
  (_, rests) => {
    const saying = (tag: string) => places(rests, ({ tags }) => tags.has(tag));

    test('something goes on in it or nothing does, in every state', () => {
      expect(places(rests, ({ tags }) => tags.has('busy') === tags.has('settled'))).toEqual([]);
    });

    test('it undoes where it begins a release, and only there', () => {
      expect(saying('undoing')).toEqual(places(rests, ({ enters }) => enters.has('beginRelease')));
    });

    test('it is queued where its turn may come, and held where its lease may run out', () => {
      expect(saying('queued')).toEqual(places(rests, ({ heeds }) => heeds.has('turn.came')));
      expect(saying('held')).toEqual(places(rests, ({ heeds }) => heeds.has('lease.expired')));
    });

    test('it needs hands where a release can be asked for, unless what was asked for is there', () => {
      const asks = ({ heeds, tags }: Rest) =>
        tags.has('settled') && (heeds.has('release.retry') || heeds.has('resources.release'));
      const unanswered = ({ place }: Rest) => place === 'reconciling.reopening.overdue';
      expect([...saying('needsHands'), ...saying('provisioned')].sort()).toEqual(
        places(rests, (rest) => asks(rest) || unanswered(rest)).sort(),
      );
      expect(saying('provisioned')).toHaveLength(1);
    });

    test('it reconciles until it is known where it stands', () => {
      expect(saying('reconciling')).toEqual(places(rests, ({ place }) => place.startsWith('reconciling.')));
    });
  },
);

test.each([container, process].map((machine) => [machine.id, restsOf(machine)] as const))(
  '%s says one thing of itself in every state',
  (_, rests) => {
    expect(places(rests, ({ tags }) => tags.size !== 1)).toEqual([]);
  },
);
