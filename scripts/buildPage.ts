/** Lays the machines out and bundles the page of the inspector into `dist/inspector/`. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { layOut } from './drawing/layout.ts';

const [SOURCE, TARGET] = ['src/inspector/page', 'dist/inspector/page'];

/** Whose code is in the bundle. */
const BUNDLED = ['preact', '@preact/signals', '@preact/signals-core', 'crc-32'];

const licenseOf = (name: string): string => `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8')}`;

mkdirSync(TARGET, { recursive: true });
const drawings = JSON.stringify(await layOut());
writeFileSync('dist/inspector/drawing/drawings.json', drawings);
await build({
  entryPoints: { page: `${SOURCE}/main.tsx`, style: `${SOURCE}/page.css` },
  outdir: TARGET,
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  tsconfig: 'tsconfig.page.json',
  define: { SLIPWAY_DRAWINGS: drawings },
  legalComments: 'none',
  logLevel: 'warning',
});
for (const file of ['index.html', 'icon.svg']) copyFileSync(`${SOURCE}/${file}`, `${TARGET}/${file}`);
writeFileSync(`${TARGET}/licenses.txt`, BUNDLED.map(licenseOf).join('\n'));
