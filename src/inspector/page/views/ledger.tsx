import type { ResourceStory, ShownResourceState, Story } from '../../story/story.ts';
import { Code } from '../parts/code.tsx';
import { Copy } from '../parts/copy.tsx';
import { Badge } from '../parts/mark.tsx';
import { counted, moment, type Tone } from '../words.ts';

const STATE_TONE: { readonly [S in ShownResourceState]: Tone } = {
  intended: 'waiting',
  held: 'going',
  releasing: 'going',
  released: 'good',
  refused: 'warning',
  handedOver: 'quiet',
  residue: 'bad',
  waived: 'warning',
};

function History({ history }: Pick<ResourceStory, 'history'>) {
  return (
    <ol class="history" aria-label="Its states">
      {history.map(({ state, atMs }, index) => (
        <li key={index} class={state}>
          {state} {atMs !== null && <span class="at">{moment(atMs)}</span>}
        </li>
      ))}
    </ol>
  );
}

function Trouble({ resource }: { readonly resource: ResourceStory }) {
  const { error, code, wentWith, commands, attempts, isOnHost } = resource;
  return (
    <>
      {wentWith !== null && <p class="dim">went away with VM {wentWith}</p>}
      {error !== null && (
        <p class="error">
          {error}
          {attempts > 0 && <span class="dim"> (release tried {counted(attempts, 'time')})</span>}
        </p>
      )}
      {code !== null && (
        <p>
          <Code code={code} />
        </p>
      )}
      {isOnHost && commands.length > 0 && (
        <div class="commands">
          <pre>{commands.join('\n')}</pre>
          <Copy label="Copy" text={() => commands.join('\n')} />
        </div>
      )}
    </>
  );
}

function Row({ resource }: { readonly resource: ResourceStory }) {
  const { state, description, kind, step, history } = resource;
  return (
    <li class={`resource ${state} ${STATE_TONE[state]}`} data-resource={kind} data-resource-state={state}>
      <Badge tone={STATE_TONE[state]} word={state} />
      <div class="resource-words">
        <p class="strong">{description}</p>
        <p class="dim">
          {kind}, acquired by {step}
        </p>
        <Trouble resource={resource} />
      </div>
      <History history={history} />
    </li>
  );
}

export function LedgerView({ story: { resources, left } }: { readonly story: Story }) {
  if (resources.length === 0) return <p class="empty">Nothing was acquired on the host.</p>;
  const residue = left.filter(({ state }) => state === 'residue').length;
  return (
    <div class="ledger-view">
      <p class={`tally ${residue > 0 ? 'bad' : ''}`}>
        {counted(resources.length, 'resource')} acquired, {left.length} on the host
        {residue > 0 && `, ${residue} of these could not be released`}
      </p>
      <ol class="resources" aria-label="Resources, in the order of their acquisition">
        {resources.map((resource) => (
          <Row key={resource.id} resource={resource} />
        ))}
      </ol>
    </div>
  );
}
