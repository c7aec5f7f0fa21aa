import type { RunNote } from '../../journal/store.ts';
import { codeStory } from './codes.ts';
import type { CallStory } from './story.ts';

type Begun = Extract<RunNote, { type: 'note.callStarted' }>;
type Answered = Extract<RunNote, { type: 'note.call' }>;

/** The calls of a run, in the order in which they were begun. */
export class Calls {
  readonly #all: CallStory[] = [];

  get all(): readonly CallStory[] {
    return [...this.#all];
  }

  get pending(): readonly CallStory[] {
    return this.#all.filter(({ durationMs }) => durationMs === null);
  }

  begin({ call, phase, target: subject }: Begun, startedMs: number): CallStory {
    const story = { number: this.#all.length, call, phase, subject, startedMs, durationMs: null, failure: null };
    this.#all.push(story);
    return story;
  }

  /** Files of older versions tell only of answers. */
  answer({ call, target, durationMs, failure: failed }: Answered, atMs: number): CallStory {
    const failure = failed === undefined ? null : codeStory(failed);
    const begun = this.#all.find((one) => one.durationMs === null && one.call === call && one.subject === target) ?? {
      number: this.#all.length,
      call,
      phase: null,
      subject: target,
      startedMs: Math.max(0, atMs - durationMs),
    };
    const story: CallStory = { ...begun, durationMs, failure };
    this.#all[story.number] = story;
    return story;
  }
}
