import { useEffect, useRef } from 'preact/hooks';
import { KEYS } from './keyboard.ts';
import { isHelpShown } from './state.ts';

function close(): void {
  isHelpShown.value = false;
}

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isShown = isHelpShown.value;
  useEffect(() => {
    if (isShown) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isShown]);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={close}>
      <h2 id="help-title">Keyboard</h2>
      <dl>
        {KEYS.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p class="dim">
        A run file that is dropped on the page opens beside the live runs; nothing of it leaves the browser.
      </p>
      <button type="button" onClick={close}>
        Close
      </button>
    </dialog>
  );
}
