/** Fails every call of every successful case in turn, or lets it hang, and prints what is left on the host. */
import { conformanceArguments } from './commandLine.ts';
import { groundsOf, runInWine } from './grounds.ts';
import { hangEverywhere, hangInReleases } from './hangs.ts';
import { injectEverywhere, injectIntoReleases } from './injections.ts';
import { hangInLives, injectIntoLives } from './lifeInjections.ts';
import { Tally } from './tally.ts';
import { isVmCase } from './vmOnHost.ts';

const { cases, release, life, hang, write, close, host } = conformanceArguments(
  'faults',
  'Injects a failure at every call of a create, of its release, or of a whole life.',
);
if (host.inWine) process.exit(await runInWine('faults'));
if (hang && host.name === 'native') {
  process.stderr.write('--hang needs a clock that can be moved: the simulated host alone has one\n');
  process.exit(2);
}
const grounds = await groundsOf(host);
const intoCreates = hang ? hangEverywhere : injectEverywhere;
const intoReleases = hang ? hangInReleases : injectIntoReleases;
const intoLives = hang ? hangInLives : injectIntoLives;
const intoCases = release ? intoReleases : intoCreates;
const inject = life ? intoLives : intoCases;
const tally = new Tally('injections', ({ leaked: _leaked, defects: _defects, ...line }) => write(line));

async function* nothing() {}

for (const one of cases) {
  const isVm = isVmCase(one);
  await tally.add({
    name: one.name,
    results: isVm ? nothing() : inject(one, grounds.make),
    where: ({ injection: { n, call, when } }) => `${n} ${call} ${when}`,
    whyNone: `${isVm ? 'a VM: test/engine/utilityVm.test.ts fails its calls' : 'the create fails by itself'}: nothing to inject`,
  });
}
close();
await grounds.close();
tally.end();
