/** What pages have a reader type: files that they show are written, and then their commands are run, in order. */
import { blocksIn, pagesOf } from '../docs/pages.ts';
import type { NewFolder } from './folder.ts';

const EXECUTED = 'executed by npm run new-folder';
const LANGUAGES = ['json', 'ts'];

const fileOf = (note: string): string | undefined => /^file: (\S+)$/.exec(note)?.[1];

export async function shellProblems(folder: NewFolder): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const page of pagesOf('.')) {
    for (const { note, code } of LANGUAGES.flatMap((language) => blocksIn('.', page, language))) {
      const file = fileOf(note);
      if (file !== undefined) folder.write(file, code);
    }
    for (const { name, code } of blocksIn('.', page, 'sh').filter(({ note }) => note === EXECUTED)) {
      const { passed, output } = await folder.run('sh', '-e', '-c', code);
      if (!passed || output.trim() === '') problems.push(`${name} (sh) fails:\n${output}`);
    }
  }
  return problems;
}
