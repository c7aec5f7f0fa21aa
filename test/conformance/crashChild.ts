/** A process that creates the container of a case, and kills itself: `CASES NAME FOLDER LIFETIME N WHEN [life]`. */
import { loadCases } from './case.ts';
import { Life, type When } from './mortal.ts';
import { mortalProvisioner } from './scene.ts';
import { stageIn } from './stage.ts';
import { type Lifetime, subjectOf } from './subjects.ts';

const [cases = '', name = '', folder = '', lifetime = 'process', n = '0', when = 'before', life] =
  process.argv.slice(2);
const [one] = loadCases(cases, { pattern: name });
if (one === undefined) throw new Error(`there is no case ${name} in ${cases}`);

const breath = new Life({ n: Number(n), when: when as When });
void breath.died.then(() => process.kill(process.pid, 'SIGKILL'));
const subject = subjectOf(one, life === 'life');
const provisioner = await mortalProvisioner(stageIn(folder, subject), breath);
await subject.createAndRelease(provisioner, lifetime as Lifetime);
