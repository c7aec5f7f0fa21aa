import { describe, expect, test } from '@jest/globals';
import type { AnyMachineSnapshot, EventObject } from 'xstate';
import { LIFE_STATUSES, type LifeMethod, type LifeStatus } from '../../src/domain/containerLife.ts';
import { ANSWERS } from '../../src/engine/life/answers.ts';
import { valueInWords } from '../../src/testing/model/words.ts';
import { stepsOf } from './alone.ts';
import { LIVES } from './lives.ts';

/** The container in every situation that its generated paths have led to, one for each state. */
function containers(): readonly AnyMachineSnapshot[] {
  const found = new Map<string, AnyMachineSnapshot>();
  for (const life of [LIVES.life, LIVES.lifeRestored, LIVES.lifeRestoredRunning]) {
    for (const { before, after } of stepsOf(life)) {
      for (const { stands } of [before, after]) {
        const snapshot = stands.get('')?.snapshot;
        if (snapshot !== undefined) found.set(valueInWords(snapshot.value), snapshot);
      }
    }
  }
  return [...found.values()];
}

const statusesOf = (snapshot: AnyMachineSnapshot): readonly LifeStatus[] =>
  LIFE_STATUSES.filter((status) => snapshot.hasTag(status));

/** What a method that does something says to the statechart. */
const EVENTS: Readonly<Partial<Record<LifeMethod, EventObject>>> = {
  start: { type: 'container.start' },
  pause: { type: 'container.pause' },
  resume: { type: 'container.resume' },
  shutdown: { type: 'container.stop' },
  delete: { type: 'container.delete' },
};

const isHeeded = (snapshot: AnyMachineSnapshot, event: EventObject): boolean =>
  snapshot._nodes.some((leaf) => {
    for (let node: typeof leaf | undefined = leaf; node !== undefined; node = node.parent) {
      if ((node.transitions.get(event.type) ?? []).length > 0) return true;
    }
    return false;
  });

describe('the life of a container, in every state that paths lead to', () => {
  const all = containers();

  test('stands at one status', () => {
    const counts = all.map((snapshot) => [valueInWords(snapshot.value), statusesOf(snapshot).length]);
    expect(counts.length).toBeGreaterThan(20);
    expect(counts.filter(([, count]) => count !== 1)).toEqual([]);
  });

  test.each(Object.entries(EVENTS))('hears of %s wherever that is said to do something', (method, event) => {
    const answers = Object.entries(ANSWERS).find(([name]) => name === method)?.[1];
    const deaf = all.filter((snapshot) => {
      const [status] = statusesOf(snapshot);
      return status !== undefined && answers?.[status] === 'does' && !isHeeded(snapshot, event);
    });
    expect(deaf.map(({ value }) => valueInWords(value))).toEqual([]);
  });

  test('that moves by itself is never without somebody who works, or a deadline', () => {
    const moving: readonly LifeStatus[] = ['starting', 'pausing', 'resuming', 'stopping', 'reconciling', 'deleting'];
    const idle = all.filter(
      (snapshot) =>
        statusesOf(snapshot).some((status) => moving.includes(status)) &&
        !snapshot._nodes.some(({ invoke, after }) => after.length > 0 || invoke.some(({ id }) => id !== 'watchSystem')),
    );
    expect(idle.map(({ value }) => valueInWords(value))).toEqual([]);
  });
});
