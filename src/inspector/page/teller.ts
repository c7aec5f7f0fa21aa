import { parseRunFile } from '../../journal/runFile.ts';
import type { RunLine } from '../../journal/store.ts';
import type { Story } from '../story/story.ts';
import { StoryBuilder, storyOf } from '../story/storyBuilder.ts';

/** Takes the lines of one run as they come. */
export class Teller {
  readonly #builder = new StoryBuilder();
  #count = 0;

  /** How many lines it has taken. */
  get count(): number {
    return this.#count;
  }

  add(lines: readonly RunLine[]): void {
    for (const line of lines) this.#builder.tell(line);
    this.#count += lines.length;
  }

  /** @param isLeft whether the process that drove the run is gone */
  story(isLeft: boolean): Story | undefined {
    return this.#builder.story(isLeft);
  }
}

/** @throws {RunFileUnreadable} */
export function readRunFile(name: string, bytes: Uint8Array): Story | undefined {
  return storyOf(parseRunFile(name, bytes).lines);
}
