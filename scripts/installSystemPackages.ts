/** Installs from Debian what the tests are built with and run in. Says what is missing, and goes on. */
import { needSystemPackages } from '../test/contract/environments/systemPackages.ts';

for (const why of Object.values(needSystemPackages(['linux', 'wine', 'page']))) process.stdout.write(`${why}\n`);
