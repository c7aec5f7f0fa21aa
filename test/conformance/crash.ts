/** Ends the process of every successful case at every call and every line of its ledger, recovers, and prints what is left. */
import { crc32 } from 'node:zlib';
import { conformanceArguments } from './commandLine.ts';
import { crashEverywhere } from './crashes.ts';
import { compileChild, type Killing, killEverywhere } from './kills.ts';
import { type CrashSubject, subjectOf } from './subjects.ts';
import { Tally } from './tally.ts';

const { cases, folder, life, kill, write, close } = conformanceArguments(
  'crash',
  'Ends the process at every call and line of a create and its release, or of a whole life.',
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

const tally = new Tally('crashes', write);
for (const one of cases) {
  await tally.add({
    name: one.name,
    results: crash(subjectOf(one, life)),
    where: ({ lifetime, crash: { n, when, in: act } }) => `${lifetime} ${n} ${act} ${when}`,
    whyNone: kill
      ? 'the create fails by itself, or none of its points is chosen'
      : 'the create fails by itself: nothing to interrupt',
  });
}
close();
tally.end();
