/** What `npm install` of the package gives, and what it must not need. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { NewFolder } from './folder.ts';

/** What only those who work on slipway have. */
const OF_THE_TREE = ['jest', '@jest', '@types/jest', 'tsx', 'esbuild', '@statelyai', 'ffi-napi'];

/** npm runs these where a package is installed. */
const RUN_BY_NPM = ['preinstall', 'install', 'postinstall', 'prepare'];

const manifest = z.object({ scripts: z.record(z.string(), z.string()).default({}) });

/** Loads what has a binary, and the entry for jest, where neither a script nor jest has been there. */
const LOADED = `
  import koffi from 'koffi';
  import { slipwayMatchers } from 'slipway/testing/jest';
  import { simulatedHost } from 'slipway/testing';
  const { pass } = await slipwayMatchers.toHaveNothingLeft(simulatedHost());
  console.log(typeof koffi.load, pass);
`;

export async function installedProblems(folder: NewFolder): Promise<readonly string[]> {
  const at = (...parts: readonly string[]): string => join(folder.path, 'node_modules', ...parts);
  const { scripts } = manifest.parse(JSON.parse(readFileSync(at('slipway/package.json'), 'utf8')));
  const loaded = await folder.run('node', '--input-type=module', '--eval', LOADED);
  const command = await folder.run('slipway', '--version');
  return [
    ...OF_THE_TREE.filter((name) => existsSync(at(name))).map((name) => `${name} is installed with the package`),
    ...RUN_BY_NPM.filter((name) => name in scripts).map((name) => `the package has a script that npm runs: ${name}`),
    ...(loaded.output.trim() === 'function true' ? [] : [`the installed package does not load: ${loaded.output}`]),
    ...(command.passed ? [] : [`slipway --version: ${command.output}`]),
  ];
}
