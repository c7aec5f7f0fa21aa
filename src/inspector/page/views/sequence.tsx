import { signal } from '@preact/signals';
import type { HappeningStory, Story } from '../../story/story.ts';
import { Code } from '../parts/code.tsx';
import { Mark } from '../parts/mark.tsx';
import { counted, moment, type Tone } from '../words.ts';

const KINDS: ReadonlyArray<readonly [HappeningStory['kind'], string]> = [
  ['step', 'steps'],
  ['state', 'states'],
  ['call', 'calls'],
  ['resource', 'resources'],
  ['retry', 'retries'],
  ['fault', 'faults'],
  ['run', 'run'],
];

const TONES: { readonly [T in HappeningStory['tone']]: Tone } = {
  plain: 'quiet',
  good: 'good',
  bad: 'bad',
  warning: 'warning',
};

/** As many lines as are drawn at once; those before them come when asked for. */
const PAGE = 300;

const hidden = signal<ReadonlySet<HappeningStory['kind']>>(new Set());
const pages = signal(1);

function toggle(kind: HappeningStory['kind']): void {
  const next = new Set(hidden.value);
  if (!next.delete(kind)) next.add(kind);
  hidden.value = next;
}

function Kinds({ happenings }: { readonly happenings: readonly HappeningStory[] }) {
  return (
    <fieldset class="choice" aria-label="What is listed">
      {KINDS.map(([kind, label]) => (
        <button
          key={kind}
          type="button"
          class="small"
          aria-pressed={!hidden.value.has(kind)}
          onClick={() => toggle(kind)}
        >
          {label} <span class="dim">{happenings.filter((one) => one.kind === kind).length}</span>
        </button>
      ))}
    </fieldset>
  );
}

function Line({ happening }: { readonly happening: HappeningStory }) {
  const { atMs, kind, type, text, code } = happening;
  // That a thing is not there is an answer to a question as often as a failure.
  const tone = code?.class === 'gone' ? 'plain' : happening.tone;
  return (
    <li class={`happening ${tone}`} data-kind={kind} data-happening={type}>
      <span class="at">{moment(atMs)}</span>
      <Mark tone={TONES[tone]} />
      <span class="lane">{kind}</span>
      <span class="what">
        {text}
        {code !== undefined && <Code code={code} />}
      </span>
    </li>
  );
}

export function SequenceView({ story }: { readonly story: Story }) {
  const { happenings } = story;
  const shown = happenings.filter(({ kind }) => !hidden.value.has(kind));
  const first = Math.max(0, shown.length - PAGE * pages.value);
  return (
    <div class="sequence-view">
      <div class="tools">
        <Kinds happenings={happenings} />
        <span class="dim">times in seconds from the start</span>
      </div>
      {first > 0 && (
        <button
          type="button"
          class="small"
          onClick={() => {
            pages.value += 1;
          }}
        >
          Show {Math.min(PAGE, first)} of the {counted(first, 'line')} before
        </button>
      )}
      <ol class="happenings" aria-label="What happened">
        {shown.slice(first).map((happening) => (
          <Line key={happening.number} happening={happening} />
        ))}
      </ol>
      {shown.length === 0 && <p class="empty">Nothing of what is listed has happened.</p>}
    </div>
  );
}
