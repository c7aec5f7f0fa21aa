import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { program } from '../../src/cli/program.ts';
import { ROOT, slipway } from '../support/slipway.ts';

const PAGE = readFileSync(join(ROOT, 'docs/windows.md'), 'utf8');

describe('docs/windows.md', () => {
  test('shows what slipway doctor says here', async () => {
    const [, command = '', printed = ''] = /```console\n\$ slipway (.*)\n([\s\S]*?)```/.exec(PAGE) ?? [];
    const { code, out } = await slipway(command.split(' '));
    expect([code, out]).toEqual([3, printed]);
  });

  test('speaks of commands and options that there are', () => {
    const shown = [...PAGE.matchAll(/^slipway (\w+)(.*)$/gm)];
    expect(shown.map(([, name]) => name)).toEqual(['doctor', 'create', 'list', 'release']);
    for (const [line, name = '', rest = ''] of shown) {
      const command = program.commands.find((each) => each.name() === name);
      const options = command?.options.map(({ long }) => long) ?? [];
      const unknown = [...rest.matchAll(/--[\w-]+/g)]
        .map(([option]) => option)
        .filter((each) => !options.includes(each));
      expect([line, command === undefined, unknown]).toEqual([line, false, []]);
    }
  });
});
