/** `npm run bench -- [NAME] [--json] [--write]`: see docs/benchmarks.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BENCHMARKS } from './benchmarks.ts';
import { FULL } from './measure.ts';
import { markdownOf, report, withFigures } from './report.ts';

const PAGE = 'docs/benchmarks.md';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, write: { type: 'boolean' } },
});
const [wanted] = positionals;
const chosen = BENCHMARKS.filter(({ name }) => wanted === undefined || name === wanted);

if (chosen.length === 0 || (values.write === true && wanted !== undefined)) {
  const names = BENCHMARKS.map(({ name }) => name).join(', ');
  process.stderr.write(`usage: npm run bench -- [NAME] [--json], or --write without a name. Names: ${names}\n`);
  process.exitCode = 2;
} else {
  const made = await report(chosen, FULL);
  process.stdout.write(values.json === true ? `${JSON.stringify(made)}\n` : markdownOf(made));
  if (values.write === true) writeFileSync(PAGE, withFigures(readFileSync(PAGE, 'utf8'), markdownOf(made)));
}
