/** `npm run model -- --write`: writes down what `tables.test.ts` compares with. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventsTable, TABLES, tableOf } from './table.ts';

export async function writeTables(): Promise<void> {
  const folder = new URL('golden', import.meta.url).pathname;
  writeFileSync(join(folder, 'events.txt'), `${eventsTable().join('\n')}\n`);
  for (const [name, options] of Object.entries(TABLES)) {
    writeFileSync(join(folder, `${name}.txt`), `${(await tableOf(options)).join('\n')}\n`);
  }
}
