/** `npm run standin`: builds the stand-in libraries; `npm run standin -- linux` those of one platform. */
import { buildStandIns } from '../test/standin/build.ts';

const [only] = process.argv.slice(2);
for (const platform of ['linux', 'windows'] as const) {
  if (only === undefined || only === platform) buildStandIns(platform);
}
