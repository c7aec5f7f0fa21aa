import type { InspectorMessage } from '../protocol.ts';
import type { Story } from '../story/story.ts';
import { Teller } from './teller.ts';

type Lines = Extract<InspectorMessage, { type: 'lines' }>;

/** Follows one run; tells its story at most once a frame. */
export class LiveStory {
  readonly #tell: (story: Story) => void;
  #teller = new Teller();
  #isDue = false;

  constructor(tell: (story: Story) => void) {
    this.#tell = tell;
  }

  /** Another run is looked at: nothing more is told of the one before. */
  begin(_run: string | null): void {
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
      const story = this.#teller.story();
      if (story !== undefined) this.#tell(story);
    });
  }
}
