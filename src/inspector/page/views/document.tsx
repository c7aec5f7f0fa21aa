import { signal } from '@preact/signals';
import type { Story } from '../../story/story.ts';
import { Copy } from '../parts/copy.tsx';
import { JsonNode } from '../parts/jsonTree.tsx';

const WHAT = ['document', 'request'] as const;
const HOW = ['tree', 'text'] as const;

const what = signal<(typeof WHAT)[number]>('document');
const how = signal<(typeof HOW)[number]>('tree');

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly of: readonly T[];
  readonly chosen: { value: T };
}

function Choice<T extends string>({ label, of, chosen }: ChoiceProps<T>) {
  return (
    <fieldset class="choice" aria-label={label}>
      {of.map((name) => (
        <button
          key={name}
          type="button"
          class="small"
          aria-pressed={chosen.value === name}
          onClick={() => {
            chosen.value = name;
          }}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}

const ABSENT = {
  document: 'No document was sent: the run did not come that far, or its file does not tell.',
  request: 'The run does not tell what was asked for.',
} as const;

export function DocumentView({ story }: { readonly story: Story }) {
  const value = what.value === 'document' ? story.document : story.request;
  const isThere = value !== null && value !== undefined;
  const text = (): string => JSON.stringify(value, null, 2);
  return (
    <div class="document-view">
      <div class="tools">
        <Choice label="What is shown" of={WHAT} chosen={what} />
        <Choice label="How it is shown" of={HOW} chosen={how} />
        {isThere && <Copy label="Copy JSON" text={text} />}
        <span class="dim">secrets are redacted</span>
      </div>
      {!isThere && <p class="empty">{ABSENT[what.value]}</p>}
      {isThere && how.value === 'tree' && (
        <div class="json-tree">
          <JsonNode name={null} value={value} depth={0} />
        </div>
      )}
      {isThere && how.value === 'text' && <pre class="json-text">{text()}</pre>}
    </div>
  );
}
