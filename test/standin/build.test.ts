import { execFileSync, spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { buildStandIns } from './build.ts';
import { LIBRARIES, libraryFile } from './libraries.ts';

const MINGW = 'x86_64-w64-mingw32-gcc';

function exportsOnLinux(file: string): readonly string[] {
  const listed = execFileSync('nm', ['--dynamic', '--defined-only', file], { encoding: 'utf8' });
  return [...listed.matchAll(/ T (\w+)$/gm)].flatMap(([, name = '']) => name);
}

function exportsOnWindows(file: string): ReadonlySet<string> {
  const listed = execFileSync('x86_64-w64-mingw32-objdump', ['-p', file], { encoding: 'utf8' });
  return new Set([...listed.matchAll(/^\s*\[\s*\d+\][^\n]*?(\w+)$/gm)].flatMap(([, name = '']) => name));
}

test('the DLLs are built too, and export what the libraries for Linux do', () => {
  if (spawnSync(MINGW, ['--version']).error !== undefined) {
    process.stdout.write(`not looked at: there is no ${MINGW} (apt-get install gcc-mingw-w64-x86-64)\n`);
    return;
  }
  for (const platform of ['linux', 'windows'] as const) buildStandIns(platform);
  for (const library of LIBRARIES) {
    const onLinux = exportsOnLinux(libraryFile(library, 'linux'));
    const onWindows = exportsOnWindows(libraryFile(library, 'windows'));
    expect(onLinux.length).toBeGreaterThan(10);
    expect(onLinux.filter((name) => !onWindows.has(name))).toEqual([]);
  }
});
