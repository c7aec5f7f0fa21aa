/** Installs from Debian what the tests of the native host are built with and run in. Says what is missing, and goes on. */
import { needSystemPackages } from '../test/contract/environments/systemPackages.ts';

const why = needSystemPackages();
if (why !== undefined) process.stdout.write(`${why}\n`);
