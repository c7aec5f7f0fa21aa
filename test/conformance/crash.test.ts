import { describe, expect, test } from '@jest/globals';
import { type LedgerStore, memoryLedgerStore } from '../../src/index.ts';
import { loadCases } from './case.ts';
import { actsOf, crashAt } from './crashes.ts';
import type { When } from './mortal.ts';
import type { CrashResult } from './scene.ts';
import { type CrashSubject, type Lifetime, subjectOf } from './subjects.ts';

const HERE = new URL('cases', import.meta.url).pathname;
const CASES = ['argon-everything', 'v1-argon-everything', 'xenon-mounts-and-devices', 'lcow-everything'];
const LIFETIMES: readonly Lifetime[] = ['process', 'host'];

function caseNamed(name: string): CrashSubject {
  const [one] = loadCases(HERE, { pattern: name });
  if (one === undefined) throw new Error(`the case ${name} is gone`);
  return subjectOf(one);
}

const whenAt = (n: number): When => (n % 2 === 0 ? 'before' : 'after');

/** Every `step`-th act, so that all of them come up over the cases and lifetimes. */
async function* everyFew(one: CrashSubject, lifetime: Lifetime, first: number, step: number): AsyncGenerator<number> {
  const acts = await actsOf(one, lifetime);
  expect(acts).toBeGreaterThan(20);
  for (let n = first; n <= acts; n += step) yield n;
}

const isUnclean = ({ leaked, defects }: CrashResult): boolean => leaked.length + defects.length > 0;

describe.each(LIFETIMES)('a process that dies, whose container would live as long as the %s', (lifetime) => {
  test.each(CASES)('leaves nothing of %s once another one has recovered', async (name) => {
    const one = caseNamed(name);
    const results: CrashResult[] = [];
    for await (const n of everyFew(one, lifetime, lifetime === 'host' ? 1 : 3, 7)) {
      results.push(await crashAt(one, { lifetime, wish: { n, when: whenAt(n) } }));
    }
    expect(results.filter(isUnclean)).toEqual([]);
    expect(results.flatMap(({ recovered }) => recovered).length).toBeGreaterThan(0);
  });

  test.each(CASES)('leaves nothing of %s when the one that recovers dies too', async (name) => {
    const one = caseNamed(name);
    for await (const n of everyFew(one, lifetime, 20, 23)) {
      const again = { n: 1 + (n % 13), when: whenAt(n + 1) };
      const result = await crashAt(one, { lifetime, wish: { n, when: whenAt(n) }, again });
      expect({ ...result, leaked: [], defects: [] }).toEqual(result);
    }
  });
});

/** A disk that says that it has written, and has not. */
function lyingJournal(lines: number): LedgerStore {
  const journal = memoryLedgerStore();
  let written = 0;
  const append: LedgerStore['append'] = async (run, record) => {
    written += 1;
    if (written <= lines) await journal.append(run, record);
  };
  return { ...journal, append };
}

test('what was never written down is found to be left', async () => {
  const one = caseNamed('argon-everything');
  const wish = { n: 35, when: 'after' } as const;
  expect(await crashAt(one, { lifetime: 'host', wish, journal: lyingJournal(100) })).toMatchObject({ leaked: [] });
  const { leaked } = await crashAt(one, { lifetime: 'host', wish, journal: lyingJournal(6) });
  expect(leaked).not.toEqual([]);
});
