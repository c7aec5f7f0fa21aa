import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { add, newScene, reaches } from './scene.ts';

const README = readFileSync(new URL('../../../examples/orchestrator/README.md', import.meta.url), 'utf8');

test('the pod of the page is taken on, and runs', async () => {
  const [, json = ''] = /-d '(\{[\s\S]*?\})'/.exec(README) ?? [];
  const scene = newScene();
  try {
    const orchestrator = await scene.open();
    const { id } = await add(orchestrator, JSON.parse(json) as object);
    expect(await reaches(orchestrator, id, 'running')).toMatchObject({ id: 'web-1', starts: 1 });
  } finally {
    await scene.end();
  }
});

test('every script that the page names is one of package.json, and every file is there', () => {
  const { scripts } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = [...README.matchAll(/npm run (\w+)/g)].map(([, script = '']) => script);
  expect(named.filter((script) => scripts[script] === undefined)).toEqual([]);
  const files = [...README.matchAll(/\]\(([^)#]+)/g)].map(([, file = '']) => file);
  expect(files.length).toBeGreaterThan(10);
  const missing = files.filter(
    (file) => !existsSync(new URL(`../../../examples/orchestrator/${file}`, import.meta.url)),
  );
  expect(missing).toEqual([]);
});
