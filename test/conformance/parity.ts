/** Runs recorded cases and prints each difference, the rules that were used, and how many passed. */
import { conformanceArguments } from './commandLine.ts';
import { compare } from './compare.ts';
import { groundsOf, runInWine } from './grounds.ts';
import { runCase } from './runCase.ts';
import { compareVm, isVmCase } from './vmOnHost.ts';

const { cases, write, close, host } = conformanceArguments('parity', 'Compares our creates with recorded ones.');
if (host.inWine) process.exit(await runInWine('parity'));
const grounds = await groundsOf(host);
const ruleUses = new Map<string, number>();
let failed = 0;

for (const one of cases) {
  const compared = isVmCase(one)
    ? await compareVm(one, grounds.make)
    : compare(one, await runCase(one, {}, grounds.make));
  const { differences, ...result } = compared;
  write(result);
  for (const rule of result.rules) ruleUses.set(rule, (ruleUses.get(rule) ?? 0) + 1);
  if (result.passed) continue;
  failed += 1;
  process.stdout.write(`\n${one.name}\n${differences.map((text) => `  ${text.replaceAll('\n', '\n  ')}\n`).join('')}`);
}
close();
await grounds.close();

if (ruleUses.size > 0) process.stdout.write('\nDifferences that a rule allows, by the number of cases:\n');
for (const [rule, uses] of [...ruleUses].sort()) process.stdout.write(`  ${rule.padEnd(16)} ${uses}\n`);
process.stdout.write(`\n${cases.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
