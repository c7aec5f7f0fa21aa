import { describe, expect, test } from '@jest/globals';
import { loadCases } from './case.ts';
import { hangEverywhere, hangInReleases } from './hangs.ts';
import type { InjectionResult } from './injections.ts';

const HERE = new URL('cases', import.meta.url).pathname;

async function resultsOf(name: string, inject: typeof hangEverywhere): Promise<readonly InjectionResult[]> {
  const [one] = loadCases(HERE, { pattern: name });
  if (one === undefined) throw new Error(`the case ${name} is gone`);
  const results: InjectionResult[] = [];
  for await (const result of inject(one)) results.push(result);
  return results;
}

const hangsOf = (results: readonly InjectionResult[]) => [...new Set(results.map(({ injection }) => injection.when))];

describe('a call of a create that answers too late, or never', () => {
  // random-0125 asks for what it acquired to be kept after a failure.
  test.each(['v1-argon', 'random-0125', 'xenon-cpu-count-clamped-to-uvm'])(
    'of %s is named, and what comes of it is undone',
    async (name) => {
      const results = await resultsOf(name, hangEverywhere);
      expect(results.filter(({ clean }) => !clean)).toEqual([]);
      expect(hangsOf(results)).toHaveLength(5);
      expect(hangsOf(results.filter(({ held }) => held.length > 0))).toEqual(
        expect.arrayContaining(['never', 'neverAfterEffect']),
      );
    },
  );
});

describe('a call of a release that answers too late, or never', () => {
  test.each(['v1-argon', 'xenon-mounts-and-devices'])('of %s is named, and comes to its end', async (name) => {
    const results = await resultsOf(name, hangInReleases);
    expect(results.filter(({ clean }) => !clean)).toEqual([]);
    expect(hangsOf(results)).toHaveLength(4);
    expect(hangsOf(results.filter(({ residue }) => residue.length > 0))).toEqual(
      expect.arrayContaining(['never', 'neverAfterEffect']),
    );
  });
});
