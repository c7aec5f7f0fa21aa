/** Fails every call of every successful case in turn, or lets it hang, and prints what is left on the host. */
import { conformanceArguments } from './commandLine.ts';
import { hangEverywhere, hangInReleases } from './hangs.ts';
import { injectEverywhere, injectIntoReleases } from './injections.ts';
import { hangInLives, injectIntoLives } from './lifeInjections.ts';
import { Tally } from './tally.ts';
import { isVmCase } from './vmOnHost.ts';

const { cases, release, life, hang, write, close } = conformanceArguments(
  'faults',
  'Injects a failure at every call of a create, of its release, or of a whole life.',
);
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
    results: isVm ? nothing() : inject(one),
    where: ({ injection: { n, call, when } }) => `${n} ${call} ${when}`,
    whyNone: `${isVm ? 'a VM: test/engine/utilityVm.test.ts fails its calls' : 'the create fails by itself'}: nothing to inject`,
  });
}
close();
tally.end();
