/** What the documentation shows and what is run of it. Paths are relative to the root of the tree. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One fenced block of a page. */
export interface Block {
  readonly page: string;
  /** `docs/guides/life.md #2`: its place among the blocks of this language. */
  readonly name: string;
  readonly code: string;
  /** What stands in an HTML comment right above it. */
  readonly note: string;
}

/** The README and every page of docs/. */
export function pagesOf(root: string): readonly string[] {
  const below = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file.replaceAll('\\', '/')}`);
  return ['README.md', ...below.sort()];
}

const FENCED = /(?:<!-- (?<note>[^\n]*?) -->\n)?```(?<language>\w+)\n(?<code>[\s\S]*?)^```$/gm;

/** The blocks of a page in one language: `ts`, `sh`, `json`, ... */
export function blocksIn(root: string, page: string, language: string): readonly Block[] {
  return [...readFileSync(join(root, page), 'utf8').matchAll(FENCED)]
    .filter(({ groups }) => groups?.language === language)
    .map(({ groups }, index) => ({
      page,
      name: `${page} #${index + 1}`,
      code: groups?.code ?? '',
      note: groups?.note ?? '',
    }));
}

/** Why a block is shown and not run; undefined where it is. */
export const reasonNotToRun = ({ note }: Block): string | undefined => /^not run: (.+)$/.exec(note)?.[1];

/** Every program that the documentation shows, page by page. */
export function programsOf(root: string): readonly Block[] {
  return pagesOf(root).flatMap((page) => blocksIn(root, page, 'ts'));
}
