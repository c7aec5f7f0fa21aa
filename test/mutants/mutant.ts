/** One mistake in the code that the tests must notice. */
export interface Mutant {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** What would go wrong. */
  readonly why: string;
  /** The smallest set of test files that fails. Default: {@link testsOf} its file. */
  readonly tests?: readonly string[];
}

const RUN = ['test/model/tables', 'test/machines'];
const RELEASE = ['test/engine/releasing', 'test/engine/leftovers', 'test/engine/stopping'];
const LIFE = [
  'test/life/starting',
  'test/life/stopping',
  'test/life/exec',
  'test/life/serviceDies',
  'test/life/restart',
];
const VM = ['test/engine/hangingInOneVm', 'test/engine/vmExits', 'test/engine/utilityVm'];

/** By the beginning of a path; the first that fits counts. */
const TESTS: ReadonlyArray<readonly [path: string, tests: readonly string[]]> = [
  ['src/machines/release', RELEASE],
  ['src/machines/container/', LIFE],
  ['src/machines/process/', LIFE],
  ['src/machines/', RUN],
  ['src/journal/', ['test/journal/ledger', 'test/engine/releasing']],
  ['src/actors/life/', LIFE],
  ['src/actors/vm', VM],
  ['src/actors/', [...RELEASE, 'test/engine/failing']],
];

/** The tests that notice most of what can be wrong with a file. */
export const testsOf = (file: string): readonly string[] => TESTS.find(([path]) => file.startsWith(path))?.[1] ?? RUN;
