import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { hasEnded, processIdentity } from '../../src/hcs/processIdentity.ts';

const statOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];

test('a process lives until it ends, also when its parent never asks how it ended', async () => {
  expect(hasEnded(processIdentity())).toBe(false);
  // The shell becomes a program that waits for no child.
  const parent = spawn('sh', ['-c', 'sleep 0.5 & echo $!; exec sleep 20']);
  const pid = await new Promise<number>((resolve) =>
    parent.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))),
  );
  const identity = [pid, statOf(pid)[19], processIdentity().split('@')[2]].join('@');
  expect(hasEnded(identity)).toBe(false);
  while (statOf(pid)[0] !== 'Z') await new Promise((resolve) => setTimeout(resolve, 20));
  expect(hasEnded(identity)).toBe(true);
  parent.kill('SIGKILL');
  await new Promise((resolve) => parent.on('close', resolve));
  expect(hasEnded([parent.pid, '1', ''].join('@'))).toBe(true);
});
