import { useSignal } from '@preact/signals';

const SHOWN_FOR_MS = 1500;

/** Copies a text, and says that it has. */
export function Copy({ text, label }: { readonly text: () => string; readonly label: string }) {
  const outcome = useSignal<'' | 'copied' | 'not copied'>('');
  const tell = (word: 'copied' | 'not copied'): void => {
    outcome.value = word;
    setTimeout(() => {
      outcome.value = '';
    }, SHOWN_FOR_MS);
  };
  const copy = (): void => {
    navigator.clipboard.writeText(text()).then(
      () => tell('copied'),
      () => tell('not copied'),
    );
  };
  return (
    <button type="button" class="small" onClick={copy}>
      {outcome.value === '' ? label : outcome.value}
      <span class="unseen" role="status">
        {outcome.value}
      </span>
    </button>
  );
}
