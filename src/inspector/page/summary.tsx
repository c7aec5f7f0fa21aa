/** What one must see at a glance: where it stands and, when it went wrong, what failed, why, what is left, what to do. */
import type { ComponentChildren } from 'preact';
import type { FailureStory, LifeStory, ResourceStory, Story } from '../story/story.ts';
import { livedMs, reachesMs, waitedMs } from './clock.ts';
import { Code } from './parts/code.tsx';
import { Copy } from './parts/copy.tsx';
import { Badge, Mark } from './parts/mark.tsx';
import { StepStrip } from './stepStrip.tsx';
import { counted, duration, MOVING, STATUS, type Tone } from './words.ts';

interface CardProps {
  readonly title: string;
  readonly name: string;
  readonly tone?: Tone;
  readonly children: ComponentChildren;
}

function Card({ title, name, tone = 'quiet', children }: CardProps) {
  return (
    <section class={`card ${tone}`} aria-labelledby={`card-${name}`} data-card={name}>
      <h2 id={`card-${name}`}>{title}</h2>
      {children}
    </section>
  );
}

const MOST_LEFT = 4;

function LeftList({ left }: { readonly left: readonly ResourceStory[] }) {
  const shown = [...left].sort((a, b) => Number(b.state === 'residue') - Number(a.state === 'residue'));
  return (
    <ul class="left-list">
      {shown.slice(0, MOST_LEFT).map(({ id, description, state }) => (
        <li key={id} class={state === 'residue' ? 'bad' : ''}>
          <span class="state-word">{state}</span> {description}
        </li>
      ))}
      {left.length > MOST_LEFT && <li class="dim">and {left.length - MOST_LEFT} more, in the ledger</li>}
    </ul>
  );
}

function leftInWords({ left, status }: Story): string {
  const residue = left.filter(({ state }) => state === 'residue').length;
  if (left.length === 0) return 'Nothing. All that was acquired is released.';
  if (residue > 0) return `${counted(residue, 'resource')} could not be released:`;
  if (status === 'undoing') return `${counted(left.length, 'resource')}, being released:`;
  return `${counted(left.length, 'resource')}:`;
}

function What({ failure }: { readonly failure: FailureStory }) {
  return (
    <Card title="What failed" name="what" tone="bad">
      <p class="strong">
        <span class="step-name">{failure.step}</span>
        {failure.host !== null && <code>{failure.host.call}</code>}
      </p>
      {failure.resource !== null && <p>{failure.resource}</p>}
      <p class="dim">
        <code>{failure.code}</code>
        {failure.atMs !== null && <> at {duration(failure.atMs)}</>}
      </p>
    </Card>
  );
}

function Why({ failure }: { readonly failure: FailureStory }) {
  return (
    <Card title="Why" name="why" tone="bad">
      {failure.host === null ? (
        <p>{failure.message}</p>
      ) : (
        <p>
          <Code code={failure.host} hasAdvice={false} />
        </p>
      )}
      {failure.findings.length > 0 && (
        <ul class="findings">
          {failure.findings.map(({ code, pointer, message }) => (
            <li key={`${pointer}${code}`}>
              <code>{pointer}</code> {message}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** The command that gives back what is left. */
function wayOutOf({ status, systemId, left }: Story): string | undefined {
  if (status === 'interrupted') return 'slipway recover';
  if (status === 'held') return `slipway held release ${systemId}`;
  return left.some(({ state }) => state === 'residue') ? `slipway residue retry ${systemId}` : undefined;
}

function WayOut({ story }: { readonly story: Story }) {
  const command = wayOutOf(story);
  if (command === undefined) return null;
  return (
    <div>
      <p>Then release what is left:</p>
      <div class="commands">
        <pre>{command}</pre>
        <Copy label="Copy" text={() => command} />
      </div>
    </div>
  );
}

function Failure({ story, failure }: { readonly story: Story; readonly failure: FailureStory }) {
  const advice = failure.host?.advice;
  const hasResidue = story.left.some(({ state }) => state === 'residue');
  return (
    <section class="cards" aria-label="The failure explained">
      <What failure={failure} />
      <Why failure={failure} />
      <Card
        title="What is left on the host"
        name="left"
        tone={hasResidue ? 'bad' : story.left.length > 0 ? 'warning' : 'good'}
      >
        <p class="strong">{leftInWords(story)}</p>
        {story.left.length > 0 && <LeftList left={story.left} />}
      </Card>
      <Card title="What to do" name="do" tone="going">
        <p class="strong">{failure.hint}</p>
        {advice !== undefined && advice !== failure.hint && <p>{advice}</p>}
        <WayOut story={story} />
        {story.heldUntil !== null && <p>Held until {new Date(story.heldUntil).toLocaleString()}.</p>}
      </Card>
    </section>
  );
}

function Waiting({ story: { waiting, left, status } }: { readonly story: Story }) {
  const deadline = waiting.untilMs;
  return (
    <p class="waiting">
      <Mark tone={MOVING.includes(status) ? 'waiting' : 'quiet'} />
      <span>{waiting.what}</span>
      {waiting.for !== 'nothing' && (
        <span class="dim">
          for {duration(waitedMs.value)}
          {deadline !== undefined && <>, at most {duration(deadline - waiting.sinceMs)}</>}
        </span>
      )}
      <span class="dim">{left.length === 0 ? 'nothing on the host' : `${left.length} on the host`}</span>
    </p>
  );
}

/** How the container ended, in words. */
const ENDED: { readonly [How in NonNullable<LifeStory['how']>]: { readonly words: string; readonly tone: Tone } } = {
  graceful: { words: 'its first process ended', tone: 'quiet' },
  forced: { words: 'it was terminated', tone: 'warning' },
  unexpected: { words: 'its system ended below it, and nobody had asked', tone: 'bad' },
  crashedGuest: { words: 'the utility VM that it was in ended', tone: 'bad' },
  neverStarted: { words: 'nothing ever ran in it', tone: 'quiet' },
};

/** What the container does that the run has made. */
function Life({ life }: { readonly life: LifeStory }) {
  const { status, since, pid, how, exitCode } = life;
  const ended = how === null ? undefined : ENDED[how];
  return (
    <p class="waiting" data-life={status}>
      <Mark tone={status === 'running' ? 'going' : (ended?.tone ?? 'quiet')} />
      <span>the container {status === 'running' ? 'runs' : 'has stopped'}</span>
      {ended !== undefined && <span>{ended.words}</span>}
      {status === 'stopped' && <span>{exitCode === null ? 'exit code not known' : `exit code ${exitCode}`}</span>}
      {status === 'running' && <span class="dim">for {duration(livedMs.value)}</span>}
      {pid !== null && <span class="dim">pid {pid}</span>}
      <time class="dim" dateTime={since}>
        since {new Date(since).toLocaleTimeString()}
      </time>
    </p>
  );
}

export function Summary({ story }: { readonly story: Story }) {
  const { tone, word } = STATUS[story.status];
  return (
    <header class="summary" data-status={story.status}>
      <div class="title">
        <h1>{story.systemId}</h1>
        <Badge tone={tone} word={word} />
        <span class="kind">{story.kind}</span>
        <dl class="figures">
          <div>
            <dt>step</dt>
            <dd data-figure="step">{story.failure?.step ?? story.step}</dd>
          </div>
          <div>
            <dt>state</dt>
            <dd data-figure="state">{story.path === '' ? 'not told' : story.path}</dd>
          </div>
          <div>
            <dt>elapsed</dt>
            <dd data-figure="elapsed">{duration(reachesMs.value)}</dd>
          </div>
        </dl>
      </div>
      <StepStrip steps={story.steps} />
      <Waiting story={story} />
      {story.life !== null && <Life life={story.life} />}
      {story.failure !== null && <Failure story={story} failure={story.failure} />}
    </header>
  );
}
