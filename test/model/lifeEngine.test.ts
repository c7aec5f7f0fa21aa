import { afterAll, expect, test } from '@jest/globals';
import { SCRATCH_LEFT } from '../support/requests.ts';
import { type Route, routesOf } from './alone.ts';
import { LifeStage, viewOf } from './lifeStage.ts';
import { LIFE_ON_HOST } from './lives.ts';

const answers = { worked: 0, given: 0 };

const wordsOf = ({ steps }: Route): string => steps.map(({ happening }) => happening.type).join('; ');

function expectedOf({ initial, steps }: Route, at: number): string {
  const { stands } = at < 0 ? initial : (steps[at]?.state ?? initial);
  const container = stands.get('')?.snapshot;
  return container === undefined ? '' : viewOf(container, stands.get('init')?.snapshot);
}

/** Goes the way on the engine; gives where that stood elsewhere, and what was left when all was given back. */
async function go(route: Route): Promise<readonly string[]> {
  const stage = await LifeStage.set(Object.keys(LIFE_ON_HOST.answers));
  const differences: string[] = [];
  const compare = (at: number): void => {
    const [wanted, found] = [expectedOf(route, at), stage.view];
    if (wanted !== found) differences.push(`after ${at + 1} of: ${wordsOf(route)}: ${found} instead of ${wanted}`);
    if (!stage.tellsWhere) differences.push(`after ${at + 1} of: ${wordsOf(route)}: its caller is told otherwise`);
  };
  compare(-1);
  for (const [at, { happening }] of route.steps.entries()) {
    await stage.play(happening);
    compare(at);
    if (differences.length > 0) break;
  }
  const left = (await stage.finish()).filter((line) => !SCRATCH_LEFT.includes(line) && !line.startsWith('disk.'));
  answers.worked += stage.answers.worked;
  answers.given += stage.answers.given;
  return [...differences, ...left.map((line) => `${line} is left after: ${wordsOf(route)}`)];
}

test('every path of the life of a container is gone by the engine as by the statechart alone', async () => {
  const routes = routesOf(LIFE_ON_HOST);
  expect(routes.length).toBeGreaterThan(100);
  const wrong: string[] = [];
  for (const route of routes) wrong.push(...(await go(route)));
  expect(wrong).toEqual([]);
}, 600_000);

test('most of what actors answered there was what the host had said', () => {
  expect(answers.worked).toBeGreaterThan(answers.given);
});

afterAll(() => {
  process.stdout.write(`lives on the engine: ${answers.worked} answers of the host, ${answers.given} given\n`);
});
