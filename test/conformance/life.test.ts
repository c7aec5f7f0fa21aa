import { describe, expect, test } from '@jest/globals';
import { type Case, loadCases } from './case.ts';
import { actsOf, crashAt } from './crashes.ts';
import type { InjectionResult } from './injections.ts';
import { hangInLives, injectIntoLives } from './lifeInjections.ts';
import type { CrashResult } from './scene.ts';
import { subjectOf } from './subjects.ts';

const HERE = new URL('cases', import.meta.url).pathname;
const CASES = ['argon-everything', 'v1-argon-everything', 'xenon-mounts-and-devices', 'lcow-everything'];

function caseNamed(name: string): Case {
  const [one] = loadCases(HERE, { pattern: name });
  if (one === undefined) throw new Error(`the case ${name} is gone`);
  return one;
}

async function all(results: AsyncIterable<InjectionResult>): Promise<readonly InjectionResult[]> {
  const found: InjectionResult[] = [];
  for await (const result of results) found.push(result);
  return found;
}

const callsOf = (results: readonly InjectionResult[]) => results.map(({ injection }) => injection.call);
const OF_LIVES = ['compute.start', 'processes.create', 'processes.properties', 'processes.signal', 'processes.close'];

describe('a failure at every call of a whole life', () => {
  test.each(CASES)('of %s leaves nothing, and is told as it is', async (name) => {
    const results = await all(injectIntoLives(caseNamed(name)));
    expect(results.filter(({ clean }) => !clean)).toEqual([]);
    expect(callsOf(results)).toEqual(expect.arrayContaining(OF_LIVES));
  });
});

describe('a call of a life that never answers', () => {
  test.each(['argon-everything', 'lcow-everything'])('of %s does not keep it from its end', async (name) => {
    const results = await all(hangInLives(caseNamed(name)));
    expect(results.filter(({ clean }) => !clean)).toEqual([]);
    expect(callsOf(results)).toEqual(expect.arrayContaining(OF_LIVES));
  });
});

describe.each(['process', 'host'] as const)('a process that dies in a life as long as the %s', (lifetime) => {
  test.each(CASES)('leaves nothing of %s, and what lives is found and works', async (name) => {
    const subject = subjectOf(caseNamed(name), true);
    const acts = await actsOf(subject, lifetime);
    const results: CrashResult[] = [];
    for (let n = lifetime === 'host' ? 1 : 3; n <= acts; n += 5) {
      results.push(await crashAt(subject, { lifetime, wish: { n, when: n % 2 === 0 ? 'before' : 'after' } }));
    }
    expect(results.filter(({ leaked, defects }) => leaked.length + defects.length > 0)).toEqual([]);
    const adopted = results.flatMap(({ recovered }) => recovered).filter((said) => said.startsWith('adopt: done'));
    if (lifetime === 'host') expect(adopted).not.toEqual([]);
  });
});
