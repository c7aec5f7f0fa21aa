/** What is left when the process of a create is killed, and another one recovers what it had begun. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { from, lastValueFrom, mergeMap, toArray } from 'rxjs';
import { hasEnded, processIdentity } from '../../src/hcs/processIdentity.ts';
import { type Container, createProvisioner } from '../../src/index.ts';
import { removeFolder } from '../support/removeFolder.ts';
import { actsOf } from './crashes.ts';
import type { DeathWish } from './mortal.ts';
import { attachedIn, type CrashResult, judge, recoverAll, wasProvisioned } from './scene.ts';
import { stageIn } from './stage.ts';
import type { CrashSubject, Lifetime } from './subjects.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const CHILD = join(ROOT, '.crash/test/conformance/crashChild.js');

/** Who made what was there before, and lives on. */
const ONLOOKER = 'the onlooker';

/** Processes at the same time. */
const AT_ONCE = 4;

export interface Killing extends DeathWish {
  readonly lifetime: Lifetime;
}

/** Compiles what the child processes run, so that each of them starts at once. */
export function compileChild(): void {
  execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.crash.json'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
}

/** What was said, of a child that ended in another way than by being killed. */
function killed(args: readonly string[]): Promise<readonly string[]> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CHILD, ...args], (error, _out, err) => {
      if (error?.signal === 'SIGKILL') resolve([]);
      else resolve([`the process was not killed: ${err.trim() || `it ended with ${error?.code ?? 0}`}`]);
    });
  });
}

async function killIn(
  folder: string,
  cases: string,
  subject: CrashSubject,
  { n, when, lifetime }: Killing,
): Promise<CrashResult> {
  const isLife = subject.defectsOf !== undefined;
  const stage = stageIn(folder, subject);
  const { host, journal, vms } = stage;
  const processes = { own: processIdentity(), hasEnded: (other: string) => other !== ONLOOKER && hasEnded(other) };
  const { defectsOf } = subject;
  const lookAt = defectsOf && ((container: Container) => defectsOf(container, host));
  const recovered = async () => recoverAll(await createProvisioner({ ...stage, processes }), lookAt);
  const standing = async () => ({ alive: host.snapshot(), attached: await attachedIn(vms) });
  await subject.prepare({ ...stage, processes: { ...processes, own: ONLOOKER } });
  const before = await standing();
  const defects = await killed([cases, subject.name, folder, lifetime, String(n), when, ...(isLife ? ['life'] : [])]);
  const recovery = await recovered();
  const second = await recovered();
  const after = { ...(await standing()), wasProvisioned: await wasProvisioned(journal, ONLOOKER) };
  const judged = judge(subject, before, after, recovery, second);
  const crash = { n, when, in: '' };
  return { name: subject.name, lifetime, crash, ...judged, defects: [...defects, ...judged.defects] };
}

async function kill(cases: string, subject: CrashSubject, killing: Killing): Promise<CrashResult> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-crash-'));
  try {
    return await killIn(folder, cases, subject, killing);
  } finally {
    await removeFolder(folder);
  }
}

/** Every act of the case, before and after it has its effect. */
async function killingsOf(subject: CrashSubject): Promise<readonly Killing[]> {
  const killings: Killing[] = [];
  for (const lifetime of ['process', 'host'] as const) {
    const acts = await actsOf(subject, lifetime);
    for (let n = 1; n <= acts; n += 1) killings.push({ lifetime, n, when: 'before' }, { lifetime, n, when: 'after' });
  }
  return killings;
}

/** Kills a process at each act of the case that is chosen. */
export async function* killEverywhere(
  cases: string,
  subject: CrashSubject,
  isChosen: (subject: CrashSubject, killing: Killing) => boolean,
): AsyncGenerator<CrashResult> {
  const chosen = (await killingsOf(subject)).filter((killing) => isChosen(subject, killing));
  yield* await lastValueFrom(
    from(chosen).pipe(
      mergeMap((killing) => kill(cases, subject, killing), AT_ONCE),
      toArray(),
    ),
  );
}
