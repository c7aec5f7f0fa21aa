import type { InspectorMessage } from '../protocol.ts';
import type { Story } from '../story/story.ts';
import { runNamed } from './state.ts';
import { Teller } from './teller.ts';

type Lines = Extract<InspectorMessage, { type: 'lines' }>;

/** Follows one run; tells its story at most once a frame. */
export class LiveStory {
  readonly #tell: (story: Story) => void;
  #teller = new Teller();
  #run: string | null = null;
  #isDue = false;

  constructor(tell: (story: Story) => void) {
    this.#tell = tell;
  }

  /** Another run is looked at: nothing more is told of the one before. */
  begin(run: string | null): void {
    this.#run = run;
    this.#teller = new Teller();
  }

  take({ from, lines, isBehind }: Lines): void {
    if (from === 0) this.#teller = new Teller();
    // Lines that were told before the connection broke come again.
    const fresh = lines.slice(Math.max(0, this.#teller.count - from));
    this.#teller.add(fresh);
    if (!isBehind) this.#tellSoon();
  }

  #tellSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      const isLeft = this.#run !== null && runNamed(this.#run)?.peek().status === 'interrupted';
      const story = this.#teller.story(isLeft);
      if (story !== undefined) this.#tell(story);
    });
  }
}
