import { counted } from '../words.ts';

const OPEN_DEPTH = 3;

function Value({ value }: { readonly value: unknown }) {
  return <span class={`json ${value === null ? 'null' : typeof value}`}>{JSON.stringify(value)}</span>;
}

function sizeOf(value: object): string {
  return Array.isArray(value) ? counted(value.length, 'item') : counted(Object.keys(value).length, 'field');
}

interface NodeProps {
  readonly name: string | null;
  readonly value: unknown;
  readonly depth: number;
}

/** A value as a tree that opens and closes. */
export function JsonNode({ name, value, depth }: NodeProps) {
  const key = name === null ? null : <span class="json key">{name}</span>;
  if (typeof value !== 'object' || value === null) {
    return (
      <div class="json-leaf">
        {key} <Value value={value} />
      </div>
    );
  }
  return (
    <details class="json-node" open={depth < OPEN_DEPTH}>
      <summary>
        {key} <span class="dim">{sizeOf(value)}</span>
      </summary>
      {Object.entries(value).map(([field, inner]) => (
        <JsonNode key={field} name={field} value={inner} depth={depth + 1} />
      ))}
    </details>
  );
}
