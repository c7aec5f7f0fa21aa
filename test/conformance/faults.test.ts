import { describe, expect, test } from '@jest/globals';
import { loadCases } from './case.ts';
import { type InjectionResult, injectEverywhere, injectIntoReleases } from './injections.ts';

const HERE = new URL('cases', import.meta.url).pathname;
const CASES = [
  'argon-everything',
  'argon-scratch-folder-autocreate',
  'random-0125',
  'random-0385',
  'v1-argon-everything',
  'xenon-mounts-and-devices',
  'xenon-scratch-shared',
  'lcow-everything',
];

describe('a failure at every call', () => {
  test.each(CASES)('of %s leaves nothing, and is told as it is', async (name) => {
    const [one] = loadCases(HERE, { pattern: name });
    if (one === undefined) throw new Error(`the case ${name} is gone`);
    const results: InjectionResult[] = [];
    for await (const result of injectEverywhere(one)) results.push(result);
    const effects = one.expected.effects?.length ?? 0;
    expect(results.length).toBeGreaterThanOrEqual(2 * effects);
    expect(results.filter(({ clean }) => !clean)).toEqual([]);
    expect(results.some(({ ok }) => !ok)).toBe(true);
  });
});

describe('a failure at every call of a release', () => {
  test.each(CASES)('of %s leaves what is named, and a second release gives it back', async (name) => {
    const [one] = loadCases(HERE, { pattern: name });
    if (one === undefined) throw new Error(`the case ${name} is gone`);
    const results: InjectionResult[] = [];
    for await (const result of injectIntoReleases(one)) results.push(result);
    expect(results.length).toBeGreaterThan(2);
    expect(results.filter(({ clean }) => !clean)).toEqual([]);
  });
});
