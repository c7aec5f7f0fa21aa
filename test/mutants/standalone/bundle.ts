/**
 * Puts test files and what they test into one module, which a plain process runs: a mutant is judged in a second, where
 * a test runner takes five to begin. Stryker runs this once, in its copy of the tree. By their names, other tests.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const ROOT = new URL('../../..', import.meta.url).pathname;

/** The tests that notice most of what can be wrong with statecharts, releases and ledgers: the quick ones first. */
const ALL = [
  'machines/everyMachine',
  'machines/tags',
  'machines/admission',
  'machines/runs',
  'machines/runsTold',
  'machines/faults',
  'machines/containerTold',
  'machines/processTold',
  'machines/releaserTold',
  'actors/releasing',
  'journal/ledger',
  'engine/releaseTold',
  'engine/said',
  'engine/givenBack',
  'engine/releasing',
  'engine/partlyGone',
  'engine/leftovers',
  'engine/observing',
  'engine/admission',
  'engine/sharedParent',
  'engine/failing',
  'engine/waivingInDoubt',
  'engine/releaserBreaks',
  'machines/container',
  'machines/createContainer',
  'machines/utilityVm',
  'life/starting',
  'life/exec',
  'life/serviceDies',
  'life/stopping',
  'life/restart',
  'life/inVm',
  'model/tables',
  'engine/stopping',
  'engine/waiting',
  'engine/abandoned',
  'actors/lateAttachment',
  'engine/serviceDies',
  'engine/serviceDiesLater',
  'engine/utilityVm',
  'life/dyingAnywhere',
  'life/everyMethod',
];

/** A module of the bundle lies where its file does: tests read files beside them. */
const placed: Plugin = {
  name: 'placed',
  setup({ onLoad }) {
    onLoad({ filter: /\/(src|test)\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }));
  },
};

const chosen = process.argv.length > 2 ? process.argv.slice(2) : ALL;
const imports = chosen.map((name) => `import './test/${name}.test.ts';`);
await build({
  stdin: {
    contents: [...imports, "import { runAll } from '@jest/globals';", 'await runAll();'].join('\n'),
    resolveDir: ROOT,
    loader: 'ts',
  },
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  conditions: ['development'],
  alias: { '@jest/globals': join(ROOT, 'test/mutants/standalone/globals.ts') },
  plugins: [placed],
  outfile: join(ROOT, '.stryker/tests.mjs'),
});
