/** Installs from Debian what the tests of the native host are built with and run in. Says what is missing, and goes on. */
import { needSystemPackages } from '../test/contract/environments/systemPackages.ts';

for (const why of Object.values(needSystemPackages(['linux', 'wine']))) process.stdout.write(`${why}\n`);
