/** One-line mistakes in the steps, in releases and in the ledger that the tests must notice. */
import type { Mutant } from './mutant.ts';

const gone = (file: string, find: string, why: string, tests?: readonly string[]): Mutant => ({
  file,
  find,
  replace: '',
  why,
  ...(tests === undefined ? {} : { tests }),
});

export const IN_ACTORS: readonly Mutant[] = [
  gone('src/journal/ledger.ts', 'await this.#store.append(this.#run, record);', 'the ledger is kept in memory alone'),
  gone('src/journal/ledger.ts', 'ledger.#intents = ledger.#entries.size;', 'an id is given a second time'),
  gone(
    'src/actors/run.ts',
    "if (fault.host?.class === 'conflict') await this.ledger.change(id, 'refused', fault);",
    "what is somebody else's is released",
  ),
  gone('src/actors/run.ts', 'this.#inFlight.delete(id);', 'a call that has answered counts as on its way'),
  gone('src/actors/run.ts', "await this.ledger.change(id, 'held');", 'what was acquired counts as intended'),
  {
    file: 'src/actors/run.ts',
    find: 'this.#throwIfStopped(phase);\n    return this.waitFor(',
    replace: 'return this.waitFor(',
    why: 'a run that was stopped makes its next call',
    tests: ['test/engine/stopping'],
  },
  {
    file: 'src/actors/run.ts',
    find: 'this.#throwIfStopped(phase);\n    const intent',
    replace: 'const intent',
    why: 'a run that was stopped writes its next intent',
    tests: ['test/engine/stopping'],
  },
  gone(
    'src/actors/run.ts',
    'acquiring.releaseTried = true;',
    'what was taken off a VM is joined when its call answers late',
    ['test/actors/lateAttachment'],
  ),
  gone(
    'src/actors/releasers.ts',
    "await call(run, 'compute.terminate', id, () => run.host.compute.terminate(fresh));",
    'a system is left to its last handle',
  ),
  gone(
    'src/actors/releasers.ts',
    "await closeHandles(run, 'releasing', id);",
    'handles of a released system stay open',
  ),
];
