import { expect, test } from '@jest/globals';
import { Admission } from '../../src/actors/admission.ts';
import { provisionId } from '../../src/index.ts';
import { fc } from '../support/property.ts';

/** What one run does: so many pieces of work, some of which take a turn of the event loop; and whether it gives up. */
const RUN = fc.record({ works: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }), givesUp: fc.boolean() });

test('slots are neither lost nor made, whoever comes, goes on and gives up', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.array(RUN, { maxLength: 12 }), async (limit, runs) => {
      const admission = new Admission({ layers: limit });
      let atWork = 0;
      let most = 0;
      const live = async ({ works, givesUp }: (typeof runs)[number], number: number): Promise<void> => {
        const asking = { id: provisionId(`run-${number}`), number };
        for (const isLong of works) {
          if (!admission.take('layers', asking)) {
            const { come } = admission.wait('layers', asking);
            if (givesUp) setImmediate(() => admission.leave(asking.id));
            if (!(await come)) return;
          }
          atWork += 1;
          most = Math.max(most, atWork);
          await (isLong ? new Promise(setImmediate) : undefined);
          atWork -= 1;
          admission.giveBack('layers', asking);
        }
      };
      await Promise.all(runs.map(live));
      await new Promise(setImmediate);
      expect(most).toBe(Math.min(limit, runs.length));
      const taken = Array.from({ length: limit + 1 }, (_, n) =>
        admission.take('layers', { id: provisionId(`late-${n}`), number: 100 + n }),
      );
      expect(taken).toEqual([...Array(limit).fill(true), false]);
    }),
  );
});
