/** `npm run model -- --write`: writes down what `tables.test.ts` compares with. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventsTable, TABLES } from './table.ts';

export async function writeTables(): Promise<void> {
  const folder = new URL('golden', import.meta.url).pathname;
  writeFileSync(join(folder, 'events.txt'), `${eventsTable().join('\n')}\n`);
  for (const [name, table] of Object.entries(TABLES)) {
    writeFileSync(join(folder, `${name}.txt`), `${(await table()).join('\n')}\n`);
  }
}
