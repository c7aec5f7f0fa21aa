import { describe, expect, test } from '@jest/globals';
import type { AnyStateNode } from 'xstate';
import { ALL_MACHINES } from '../../src/machines/all.ts';

const nodesOf = (node: AnyStateNode): readonly AnyStateNode[] => [node, ...Object.values(node.states).flatMap(nodesOf)];
/** Ours have a name, or a type and params; XState's own (raise, cancel) are functions that carry a type. */
function typeOf(source: unknown): string | undefined {
  if (typeof source === 'string') return source;
  const hasType = (typeof source === 'object' || typeof source === 'function') && source !== null && 'type' in source;
  return hasType && typeof source.type === 'string' ? source.type : undefined;
}

const named = (source: unknown): boolean => typeOf(source) !== undefined;

describe.each(ALL_MACHINES.map((machine) => [machine.id, machine] as const))('%s', (_, machine) => {
  const nodes = nodesOf(machine.root);

  test('every invoked actor has an id and a name, and both its ends are handled', () => {
    for (const node of nodes) {
      for (const { id, src } of node.invoke) {
        expect(typeof src).toBe('string');
        expect(id).toMatch(/^(?!xstate\.)[a-z][\w.]*$/i);
        const handled = [...node.transitions.keys()];
        expect(handled).toContain(`xstate.done.actor.${id}`);
        expect(handled).toContain(`xstate.error.actor.${id}`);
      }
    }
  });

  test('every guard and every action has a name', () => {
    const transitions = nodes.flatMap((node) => [...[...node.transitions.values()].flat(), ...(node.always ?? [])]);
    for (const { guard, actions } of transitions) {
      expect(guard === undefined || named(guard)).toBe(true);
      expect(actions.every(named)).toBe(true);
    }
    expect(nodes.flatMap(({ entry, exit }) => [...entry, ...exit]).every(named)).toBe(true);
  });

  test('nothing is done on the way out but the cancelling of timers: rollback is states', () => {
    const types = nodes.flatMap(({ exit }) => exit).map(typeOf);
    expect(types.filter((type) => type !== 'xstate.cancel')).toEqual([]);
  });
});
