import base from '../../jest.config.js';

/** The tests that notice most of what can be wrong with statecharts, releases and ledgers, and need no package that is built. */
const TESTS = [
  'machines/everyMachine',
  'machines/createContainer',
  'machines/utilityVm',
  'journal/ledger',
  'model/tables',
  'engine/releasing',
  'engine/failing',
  'engine/leftovers',
  'engine/stopping',
  'life/serviceDies',
  'life/starting',
  'life/stopping',
  'life/exec',
];

/** @type {import('jest').Config} */
export default {
  ...base,
  rootDir: '../..',
  globalSetup: '<rootDir>/test/support/noBuild.js',
  testMatch: TESTS.map((name) => `<rootDir>/test/${name}.test.ts`),
  maxWorkers: 1,
  testTimeout: 20_000,
  reporters: [],
};
