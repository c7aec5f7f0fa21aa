import { existsSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Effect } from '../../src/testing/index.ts';
import { type Case, loadCases } from './case.ts';
import { compare } from './compare.ts';
import { runCase } from './runCase.ts';

const HERE = new URL('cases', import.meta.url).pathname;
const BESIDE = ['cases', 'random'].map(
  (folder) => new URL(`../../../shared/golden/${folder}`, import.meta.url).pathname,
);
const folders = [HERE, ...BESIDE.filter((folder) => existsSync(folder))];

if (folders.length === 1) {
  process.stdout.write('the recorded cases beside the clone are not there: those in test/conformance/cases are run\n');
}

describe.each(folders)('the recorded cases of %s', (folder) => {
  const cases = loadCases(folder);

  test('are there', () => expect(cases.length).toBeGreaterThan(20));

  test.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const { differences } = compare(one, await runCase(one));
    expect(differences.join('\n')).toBe('');
  });
});

describe('a case that was changed by hand', () => {
  const [everything] = loadCases(HERE, { pattern: 'argon-everything' });
  const passes = async (changed: Case) => compare(changed, await runCase(changed)).passed;
  const change = (expected: Partial<Case['expected']>): Case => {
    if (everything === undefined) throw new Error('the case argon-everything is gone');
    return { ...everything, expected: { ...everything.expected, ...expected } };
  };
  const effects = everything?.expected.effects ?? [];
  const releases = everything?.expected.releaseEffects ?? [];
  const without = (list: readonly Effect[], index: number) => list.filter((_, at) => at !== index);
  const swapped = (list: readonly Effect[], index: number) => {
    const copy = [...list];
    copy.splice(index, 2, ...copy.slice(index, index + 2).reverse());
    return copy;
  };

  test('passes when it was not changed', async () => expect(await passes(change({}))).toBe(true));

  test('fails when any value of the document differs', async () => {
    const text = JSON.stringify(everything?.expected.document);
    for (const [from, to] of [
      ['"Count":2', '"Count":3'],
      ['"ReadOnly":true', '"ReadOnly":false'],
      ['LRPC', 'HvSocket'],
      ['"SizeInMB":2048', '"SizeInMB":2047'],
      ['a.b,c.d', 'a.b'],
    ] as const) {
      expect(text).toContain(from);
      expect([from, await passes(change({ document: JSON.parse(text.replace(from, to)) as object }))]).toEqual([
        from,
        false,
      ]);
    }
  });

  test.each(effects.map((_, index) => index))('fails when effect %i is dropped', async (index) => {
    expect(await passes(change({ effects: without(effects, index) }))).toBe(false);
  });

  test.each(effects.slice(1).map((_, index) => index))(
    'fails when effects %i and the next are swapped',
    async (index) => {
      expect(await passes(change({ effects: swapped(effects, index) }))).toBe(false);
    },
  );

  test.each(releases.map((_, index) => index))('fails when release %i is dropped', async (index) => {
    expect(await passes(change({ releaseEffects: without(releases, index) }))).toBe(false);
  });

  test('fails when releases change places, except between the endpoints of one namespace', async () => {
    const verdicts: boolean[] = [];
    for (let index = 0; index + 1 < releases.length; index += 1) {
      verdicts.push(await passes(change({ releaseEffects: swapped(releases, index) })));
    }
    expect(verdicts).toEqual([false, true, false, false, false]);
  });

  test('fails when it expects another outcome, or another cause', async () => {
    expect(await passes(change({ ok: false, causes: ['layers-missing'] }))).toBe(false);
    const [refused] = loadCases(HERE, { pattern: 'argon-gmsa-disabled-error' });
    if (refused === undefined) throw new Error('the case argon-gmsa-disabled-error is gone');
    expect(await passes(refused)).toBe(true);
    expect(await passes({ ...refused, expected: { ...refused.expected, causes: ['layers-missing'] } })).toBe(false);
  });
});
