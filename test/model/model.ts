/** `npm run model`: how much of the statecharts generated paths have seen. */
import { markdownTable } from 'markdown-table';
import { type Coverage, coverageOf, type Exploration, explore } from './coverage.ts';
import { SUBJECTS } from './subjects.ts';
import { writeTables } from './writeTables.ts';

const begun = performance.now();
if (process.argv.includes('--write')) await writeTables();
const byMachine = new Map<string, Exploration[]>();
for (const subject of SUBJECTS) {
  const at = performance.now();
  const exploration = await explore(subject);
  byMachine.set(subject.machine.id, [...(byMachine.get(subject.machine.id) ?? []), exploration]);
  const seconds = ((performance.now() - at) / 1000).toFixed(1);
  process.stdout.write(`${subject.machine.id}: ${subject.words}: ${exploration.paths} paths, ${seconds} s\n`);
}

const coverages = [...byMachine.values()].map(coverageOf);
const share = ([seen, all]: Coverage['states']): string => `${seen} of ${all}`;
const rows = coverages.map(({ machine, states, transitions, paths }) => [
  machine,
  share(states),
  share(transitions),
  String(paths),
]);
process.stdout.write(`\n${markdownTable([['statechart', 'states', 'transitions', 'paths'], ...rows])}\n\n`);
for (const { missing, wronglyExplained } of coverages) {
  for (const key of missing) process.stdout.write(`not seen: ${key}\n`);
  for (const key of wronglyExplained) process.stdout.write(`seen, although it is said to be out of reach: ${key}\n`);
}
const isWhole = coverages.every(({ missing, wronglyExplained }) => missing.length + wronglyExplained.length === 0);
process.stdout.write(
  `${isWhole ? 'all seen' : 'not all seen'}, in ${((performance.now() - begun) / 1000).toFixed(1)} s\n`,
);
process.exitCode = isWhole ? 0 : 1;
