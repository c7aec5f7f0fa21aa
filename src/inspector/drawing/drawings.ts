import { readFileSync } from 'node:fs';
import type { Drawings } from './geometry.ts';

/** Made beside this file when the package is built; tests run this one from its source. */
const FILE = new URL(
  import.meta.url.endsWith('.ts') ? '../../../dist/inspector/drawing/drawings.json' : 'drawings.json',
  import.meta.url,
);

/** Every machine of the package as it was laid out. */
export function readDrawings(): Drawings {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Drawings;
}
