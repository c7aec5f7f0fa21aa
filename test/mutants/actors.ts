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
  gone('src/actors/run.ts', 'acquiring.releaseTried = true;', 'a release beside a call is forgotten', [
    'test/engine/hangingInOneVm',
  ]),
  {
    file: 'src/actors/release.ts',
    find: "if (!isAlive(run.ledger.entry(id))) return 'released';\n    await",
    replace: 'await',
    why: "somebody else's is left as our residue",
  },
  {
    file: 'src/actors/release.ts',
    find: 'if (run.isInFlight(id)) {',
    replace: 'if (!run) {',
    why: 'what may still come counts as released',
  },
  gone('src/actors/release.ts', "if (wasInFlight) return 'overtaken';", 'what came late is left'),
  gone(
    'src/actors/release.ts',
    "if (which === 'container') await handOverScratch(run);",
    'the scratch of the caller goes',
  ),
  {
    file: 'src/actors/release.ts',
    find: "if (entry.state === 'residue') await run.ledger.change(id, 'waived'",
    replace: "await run.ledger.change(id, 'waived'",
    why: 'what is held can be waived',
  },
  {
    file: 'src/actors/release.ts',
    find: "if (isAlive(entry)) await run.ledger.change(id, 'residue'",
    replace: "await run.ledger.change(id, 'residue'",
    why: 'what was released meanwhile becomes residue',
  },
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
  gone(
    'src/actors/releasers.ts',
    'if (!isNotEmpty(error)) throw error;',
    'a folder that cannot be removed is forgotten',
  ),
  gone('src/actors/releasers.ts', 'await run.vms.drop(r.id);', 'a VM that is gone is offered to containers'),
  {
    file: 'src/actors/handles.ts',
    find: 'if (!isInvalidHandle(error)) throw error;',
    replace: 'throw error;',
    why: 'a handle that is closed already is residue',
  },
  {
    file: 'src/actors/reopening.ts',
    find: "if (State !== 'Stopped') return 'there';",
    replace: "return 'there';",
    why: 'a system that has stopped counts as there',
    tests: ['test/engine/serviceDies'],
  },
  gone(
    'src/actors/reopening.ts',
    'if (isServiceLost(error)) throw error;',
    'a service that is away counts as one without guards',
    ['test/engine/serviceDies'],
  ),
  gone('src/actors/reopening.ts', 'if (!isGone(error)) throw error;', 'a system that cannot be opened counts as gone', [
    'test/engine/serviceDies',
  ]),
  gone(
    'src/actors/reopening.ts',
    'for (const old of stale) await closeHandle(run, PHASE, id, old);',
    'dead handles are kept',
    ['test/engine/serviceDies'],
  ),
  {
    file: 'src/actors/takenId.ts',
    find: 'if (isGone(error)) return;',
    replace: 'return;',
    why: 'an id counts as free when nobody could say',
  },
  gone(
    'src/actors/takenId.ts',
    'await closeLook(run, step, id, handle);',
    "a handle to somebody else's system stays open",
  ),
  {
    file: 'src/actors/abandoned.ts',
    find: 'if (summary !== undefined && processes.hasEnded(summary.process)) await',
    replace: 'if (summary !== undefined) await',
    why: 'the run of a process that lives is undone',
    tests: ['test/engine/abandoned'],
  },
  gone('src/actors/inTurn.ts', 'runs.admission.giveBack(kind, run);', 'a slot is never given back', [
    'test/machines/admission',
    'test/engine/waiting',
  ]),
  gone(
    'src/actors/inTurn.ts',
    "if (signal.aborted) throw stoppedBefore(step, 'its work');",
    'work begins after a cancel',
    ['test/engine/waiting', 'test/engine/admission'],
  ),
  gone('src/actors/inRun.ts', 'runs.admission.leave(run.id);', 'a cancelled run stays in the queue', [
    'test/engine/waiting',
    'test/engine/admission',
  ]),
  {
    file: 'src/actors/vmAttachments.ts',
    find: 'if (isFirst && isConflict) await',
    replace: 'if (isConflict) await',
    why: 'a place counts as free in which something of ours is',
  },
  gone(
    'src/actors/vmAttachments.ts',
    'if (leaving?.isLast === false) return;',
    'the right of others to a file is revoked',
  ),
  gone(
    'src/actors/vmAttachments.ts',
    'if (run.wasReleaseTried(holder)) return;',
    'others join what is being taken off',
  ),
  {
    file: 'src/actors/vmAttachments.ts',
    find: '{ asked, keepsPlace: mayStillCome, mayStillCome }',
    replace: '{ asked, keepsPlace: false, mayStillCome }',
    why: 'a place is given away that a call is on its way to',
  },
  gone(
    'src/actors/vmAttachments.ts',
    'if (!keepsPlace) await givenUp(run, vm, holder);',
    'a holder stays in the record of its VM',
  ),
  gone('src/actors/vm/system.ts', "await refuseTaken(run, 'creating', id);", 'a VM takes the id of another', [
    'test/engine/utilityVm',
  ]),
  gone('src/actors/computeSystem.ts', 'await refuseTaken(run, STEP, id);', 'a container takes the id of another'),
];
