/** Ends the process of every successful case at every call and every line of its ledger, recovers, and prints what is left. */
import { setImmediate as turn } from 'node:timers/promises';
import { conformanceArguments } from './commandLine.ts';
import { crashEverywhere } from './crashes.ts';
import { isVmCase } from './vmOnHost.ts';

const { cases, write, close } = conformanceArguments(
  'crash',
  'Ends the process at every call and line of a create and its release.',
);
const total = { crashes: 0, leaks: 0, unclean: 0 };

for (const one of cases) {
  const row = { crashes: 0, leaks: 0, unclean: 0 };
  const remarks: string[] = [];
  for await (const result of isVmCase(one) ? [] : crashEverywhere(one)) {
    write(result);
    await turn();
    const { crash, lifetime, leaked, defects } = result;
    row.crashes += 1;
    row.leaks += leaked.length > 0 ? 1 : 0;
    row.unclean += defects.length > 0 ? 1 : 0;
    for (const remark of [...leaked.map((line) => `left: ${line}`), ...defects]) {
      remarks.push(`    ${lifetime} ${crash.n} ${crash.in} ${crash.when}: ${remark}\n`);
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
