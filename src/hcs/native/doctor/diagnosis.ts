/** What is right and wrong with a host, in words: plain data. */

/** `ok`; `limits`: something will not work; `fails`: nothing will, or hardly anything. */
export type Mark = 'ok' | 'limits' | 'fails';

export interface Check {
  /** What was looked at: `computecore.dll`, `rights`. */
  readonly subject: string;
  readonly mark: Mark;
  readonly found: string;
  /** What to do; absent where all is well. */
  readonly remedy?: string;
}

export interface Ability {
  readonly what: string;
  readonly works: boolean;
  /** Since which build, or why not. */
  readonly because: string;
  readonly otherwise?: string;
}

export interface Diagnosis {
  /** `absent`: there is no Host Compute Service to work with. */
  readonly verdict: 'ready' | 'limited' | 'absent';
  /** The whole in a sentence. */
  readonly sentence: string;
  readonly checks: readonly Check[];
  readonly abilities: readonly Ability[];
}
