/** `npm run storm [-- --seed N --kills N --pods N]`: one storm, and a table of what came of it; ends with 1 on a leak. */
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { type StormResult, storm } from './storm.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    seed: { ...text, default: '20261126' },
    kills: { ...text, default: '10' },
    pods: { ...text, default: '40' },
  },
});
const options = { seed: Number(values.seed), kills: Number(values.kills), pods: Number(values.pods) };
if (!Object.values(options).every((number) => Number.isInteger(number) && number > 0)) {
  process.stderr.write('usage: npm run storm -- [--seed N] [--kills N] [--pods N]\n');
  process.exit(2);
}

function tableOf(result: StormResult): string {
  const { faults, ends, silent, leaks, touched, ...counts } = result;
  const rows = [
    ...Object.entries(counts),
    ...Object.entries(faults).map(([when, count]) => [`faults: ${when}`, count]),
    ...Object.entries(ends).map(([end, count]) => [`pods at the end: ${end}`, count]),
    ['pods that say nothing', silent.length],
    ["of somebody else's, touched", touched.length],
    ['leaks', leaks.length],
  ];
  return markdownTable([['what', 'how many'], ...rows.map((row) => row.map(String))], { align: ['l', 'r'] });
}

const result = await storm({ ...options, log: (line) => process.stderr.write(`${line}\n`) });
process.stdout.write(`${tableOf(result)}\n`);
for (const what of [...result.silent, ...result.touched, ...result.leaks]) process.stdout.write(`  ${what}\n`);
const isClean = result.silent.length + result.touched.length + result.leaks.length === 0;
if (!isClean)
  process.stdout.write(
    `again: npm run storm -- --seed ${options.seed} --kills ${options.kills} --pods ${options.pods}\n`,
  );
process.exit(isClean ? 0 : 1);
