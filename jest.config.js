/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  // For a test that hangs: one that starts processes is slow on a busy machine.
  testTimeout: 60_000,
  maxWorkers: '100%',
  roots: ['<rootDir>/test'],
  // Tests of the command and of the documentation use the package as it is built.
  globalSetup: '<rootDir>/test/support/build.js',
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  reporters: ['default', '<rootDir>/test/support/plainReporter.js'],
};
