import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { folderOfTests } from '../support/folderOfTests.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const HERE = new URL('cases', import.meta.url).pathname;
const folder = folderOfTests('conformance');

function run(
  command: 'parity' | 'faults',
  ...args: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  const script = join(ROOT, 'test/conformance', `${command}.ts`);
  return new Promise((resolve) => {
    execFile(join(ROOT, 'node_modules/.bin/tsx'), [script, ...args], (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

describe('the conformance commands', () => {
  test('parity counts, and writes what it saw', async () => {
    const out = join(folder, 'parity.jsonl');
    const result = await run('parity', HERE, 'argon-gmsa*', '--kind', 'argon', '--out', out);
    expect(result).toMatchObject({ code: 0 });
    expect(result.out).toMatch(/\n3 passed, 0 failed\n$/);
    expect(linesOf(out)).toMatchObject([
      {
        name: 'argon-gmsa-disable-false',
        ok: true,
        passed: true,
        fault: null,
        findings: [],
        aliveBefore: [],
        aliveAfter: [],
      },
      {
        name: 'argon-gmsa-disabled-error',
        ok: false,
        passed: true,
        document: null,
        fault: { code: 'invalid-request' },
      },
      { name: 'argon-gmsa', ok: true, passed: true, rules: ['released', 'spec-untouched'] },
    ]);
  });

  test('parity shows a difference and exits with 1', async () => {
    const text = readFileSync(join(HERE, 'argon-memory.json'), 'utf8');
    writeFileSync(join(folder, 'changed.json'), text.replaceAll('"SizeInMB": 2049', '"SizeInMB": 2050'));
    const result = await run('parity', folder);
    expect(result.code).toBe(1);
    expect(result.out).toMatch(/- +"SizeInMB": 2050,/);
    expect(result.out).toMatch(/\+ +"SizeInMB": 2049,/);
    expect(result.out).toMatch(/\n0 passed, 1 failed\n$/);
  });

  test('faults counts, and writes what it saw', async () => {
    const out = join(folder, 'faults.jsonl');
    const result = await run('faults', HERE, 'argon-plain', '--out', out);
    expect(result.code).toBe(0);
    expect(result.out).toMatch(/\n22 injections, 0 leaks, 0 unclean\n$/);
    const lines = linesOf(out);
    expect(lines).toHaveLength(22);
    expect(lines[0]).toEqual({
      name: 'argon-plain',
      injection: { n: 1, call: 'facts', when: 'before' },
      ok: false,
      aliveBefore: [],
      aliveAfter: [],
      held: [],
      residue: [],
      clean: true,
    });
  });

  test.each(['parity', 'faults'] as const)(
    '%s exits with 2 when no case matches, or the folder is none',
    async (command) => {
      expect(await run(command, HERE, 'nothing-*')).toMatchObject({ code: 2 });
      expect(await run(command, join(folder, 'nowhere'))).toMatchObject({ code: 2 });
      expect(await run(command)).toMatchObject({ code: 2 });
    },
  );
});
