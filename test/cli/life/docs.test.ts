import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { eventually, lifeHost, NOTHING_KEPT } from '../../support/lifeOfCommands.ts';
import { type CommandResult, ROOT } from '../../support/slipway.ts';

const at = lifeHost();

/** The commands of the page, without what stands behind them. */
function commandsIn(page: string): readonly (readonly string[])[] {
  const section = page.slice(page.indexOf('## The life of a container'));
  const [, block = ''] = /```sh\n([\s\S]*?)```/.exec(section) ?? [];
  return block
    .split('\n')
    .map((line) => line.replace(/#.*$/, '').trim().split(/\s+/))
    .filter(([first]) => first === 'slipway')
    .map(([, ...args]) => args);
}

test('the commands of docs/command.md do what the page says', async () => {
  const commands = commandsIn(readFileSync(join(ROOT, 'docs/command.md'), 'utf8'));
  const results: CommandResult[] = [];
  for (const command of commands) {
    if (command[0] === 'logs') await eventually(async () => (await at.on('logs', 'web')).out !== '');
    results.push(await at.on(...command));
  }
  expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(results.map(({ out }) => out)).toEqual([
    'Hello, Slipway! This is C:\\hello\\hello.exe.\n',
    'web\n',
    'data\nserver.exe\n',
    'serving C:\\app\\data on port 8080\n',
    'web ended with 0\n',
    'web ended with 0\n',
  ]);
  await eventually(() => at.kept().systems.length === 0);
  await eventually(async () => (await at.on('list', '--quiet')).out === '');
  expect(at.kept()).toMatchObject({ ...NOTHING_KEPT });
});
