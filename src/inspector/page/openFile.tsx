import { useRef } from 'preact/hooks';
import { openRunFile } from './runFiles.ts';

function openAll(list: FileList | null): void {
  for (const file of list ?? []) void openRunFile(file);
}

/** Opens run files that are chosen; what is dropped anywhere on the page is opened too. */
export function OpenFile() {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="small" onClick={() => input.current?.click()}>
        Open run file
      </button>
      <input
        ref={input}
        type="file"
        accept=".jsonl"
        multiple
        hidden
        aria-label="Run files"
        onChange={(event) => {
          openAll(event.currentTarget.files);
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}

/** Files may be dropped anywhere. */
export function acceptDrops(target: HTMLElement): void {
  target.addEventListener('dragover', (event) => {
    event.preventDefault();
    target.classList.add('dropping');
  });
  target.addEventListener('dragleave', () => target.classList.remove('dropping'));
  target.addEventListener('drop', (event) => {
    event.preventDefault();
    target.classList.remove('dropping');
    openAll(event.dataTransfer?.files ?? null);
  });
}
