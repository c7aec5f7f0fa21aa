/** Ends the process of every successful case at every call and every line of its ledger, recovers, and prints what is left. */
import { setImmediate as turn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { conformanceArguments } from './commandLine.ts';
import { crashEverywhere } from './crashes.ts';
import { compileChild, type Killing, killEverywhere } from './kills.ts';
import { type CrashSubject, subjectOf } from './subjects.ts';

const { cases, folder, kill, write, close } = conformanceArguments(
  'crash',
  'Ends the process at every call and line of a create and its release.',
);
/** Killed at each of their points. */
const WHOLE: ReadonlySet<string> = new Set(['argon-everything', 'xenon-mounts-and-devices', 'lcow-everything']);
/** Of the points of the others, one in so many. */
const ONE_IN = 50;

/** The same points at every time. */
function isChosen({ name }: CrashSubject, { lifetime, n, when }: Killing): boolean {
  return WHOLE.has(name) || crc32(`${name} ${lifetime} ${n} ${when}`) % ONE_IN === 0;
}

const crash = (subject: CrashSubject) => (kill ? killEverywhere(folder, subject, isChosen) : crashEverywhere(subject));
if (kill) compileChild();

const total = { crashes: 0, leaks: 0, unclean: 0 };

for (const one of cases) {
  const row = { crashes: 0, leaks: 0, unclean: 0 };
  const remarks: string[] = [];
  for await (const result of crash(subjectOf(one))) {
    write(result);
    await turn();
    const { lifetime, leaked, defects } = result;
    const { n, when } = result.crash;
    row.crashes += 1;
    row.leaks += leaked.length > 0 ? 1 : 0;
    row.unclean += defects.length > 0 ? 1 : 0;
    for (const remark of [...leaked.map((line) => `left: ${line}`), ...defects]) {
      remarks.push(`    ${lifetime} ${n} ${result.crash.in} ${when}: ${remark}\n`);
    }
  }
  total.crashes += row.crashes;
  total.leaks += row.leaks;
  total.unclean += row.unclean;
  process.stdout.write(
    `${one.name.padEnd(48)} ${row.crashes} crashes, ${row.leaks} leaks, ${row.unclean} unclean\n${remarks.join('')}`,
  );
}
close();
process.stdout.write(`\n${total.crashes} crashes, ${total.leaks} leaks, ${total.unclean} unclean\n`);
process.exitCode = total.leaks + total.unclean === 0 ? 0 : 1;
