/** Fails every call of every successful case in turn, or lets it hang, and prints what is left on the host. */
import { setImmediate as turn } from 'node:timers/promises';
import { conformanceArguments } from './commandLine.ts';
import { hangEverywhere, hangInReleases } from './hangs.ts';
import { injectEverywhere, injectIntoReleases } from './injections.ts';
import { isVmCase } from './vmOnHost.ts';

const { cases, release, hang, write, close } = conformanceArguments(
  'faults',
  'Injects a failure at every call of a create, or of its release.',
);
const intoCreates = hang ? hangEverywhere : injectEverywhere;
const intoReleases = hang ? hangInReleases : injectIntoReleases;
const inject = release ? intoReleases : intoCreates;
const total = { injections: 0, leaks: 0, unclean: 0 };

// Nothing here waits for the real clock: what ended runs have put off is done, and freed, when the loop lets it.
for (const one of cases) {
  const row = { injections: 0, leaks: 0, unclean: 0 };
  const remarks: string[] = [];
  for await (const { leaked, defects, ...result } of isVmCase(one) ? [] : inject(one)) {
    write(result);
    await turn();
    const { n, call, when } = result.injection;
    row.injections += 1;
    row.leaks += leaked.length > 0 ? 1 : 0;
    row.unclean += defects.length > 0 ? 1 : 0;
    for (const remark of [...leaked.map((line) => `left: ${line}`), ...defects]) {
      remarks.push(`    ${n} ${call} ${when}: ${remark}\n`);
    }
  }
  total.injections += row.injections;
  total.leaks += row.leaks;
  total.unclean += row.unclean;
  const why = isVmCase(one) ? 'a VM: test/engine/utilityVm.test.ts fails its calls' : 'the create fails by itself';
  const skipped = row.injections === 0 ? `  (${why}: nothing to inject)` : '';
  process.stdout.write(
    `${one.name.padEnd(48)} ${row.injections} injections, ${row.leaks} leaks, ${row.unclean} unclean${skipped}\n${remarks.join('')}`,
  );
}
close();

process.stdout.write(`\n${total.injections} injections, ${total.leaks} leaks, ${total.unclean} unclean\n`);
process.exitCode = total.leaks + total.unclean === 0 ? 0 : 1;
