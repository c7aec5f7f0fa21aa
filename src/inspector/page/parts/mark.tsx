import type { Tone } from '../words.ts';

/** One shape a tone, so that nothing is told by colour alone. */
const SHAPES: { readonly [T in Tone]: string } = {
  going: 'M3 8a5 5 0 0 1 5-5',
  good: 'M3.5 8.5l3 3 6-7',
  bad: 'M4.5 4.5l7 7M11.5 4.5l-7 7',
  warning: 'M8 2.6L14 13H2zM8 6.4v3.2M8 11.2v.4',
  waiting: 'M8 4.6V8l2.4 1.6',
  quiet: 'M4 8h8',
};
const IN_A_CIRCLE: readonly Tone[] = ['going', 'waiting'];

export function Mark({ tone }: { readonly tone: Tone }) {
  return (
    <svg class={`mark ${tone}`} viewBox="0 0 16 16" aria-hidden="true">
      {IN_A_CIRCLE.includes(tone) && <circle class="rim" cx="8" cy="8" r="5" />}
      <path d={SHAPES[tone]} />
    </svg>
  );
}

/** A word with its mark. */
export function Badge({ tone, word }: { readonly tone: Tone; readonly word: string }) {
  return (
    <span class={`badge ${tone}`}>
      <Mark tone={tone} />
      {word}
    </span>
  );
}
