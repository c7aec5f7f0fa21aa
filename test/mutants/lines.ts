/** Every mistake of one kind in a file: a line that is not there. Lines without which the file is no code are left out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import type { Mutant } from './mutant.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
/** Without these the file does not load, or says something else to people. */
const LEFT_OUT = /^(import|export|const|function) |^\} from|^\s*(description|message|hint):/;

/** Without comments, and otherwise as it is. */
const PLAIN = { compress: false, mangle: false, format: { comments: false } } as const;

/** What runs of the text, without the words that only people read; undefined when it is no code. */
function codeOf(text: string): string | undefined {
  try {
    return transformSync(text, {
      jsc: { target: 'es2022', parser: { syntax: 'typescript' }, minify: PLAIN },
      minify: true,
    }).code;
  } catch {
    return undefined;
  }
}

/** The mutants of a file of the tree. */
export function linesOf(file: string): readonly Mutant[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const code = codeOf(text);
  const lines = text.split('\n');
  return lines.flatMap((line, index): readonly Mutant[] => {
    if (LEFT_OUT.test(line)) return [];
    const without = codeOf(lines.toSpliced(index, 1).join('\n'));
    if (without === undefined || without === code) return [];
    // The lines before it make it the only one of its kind.
    const find = lines.slice(0, index + 1).join('\n');
    const replace = lines.slice(0, index).join('\n');
    return [
      { file, find: `${find}\n`, replace: `${replace}\n`, why: `line ${index + 1} is not there: ${line.trim()}` },
    ];
  });
}
