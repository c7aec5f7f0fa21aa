import { computed, type ReadonlySignal, signal, useComputed } from '@preact/signals';
import { Fragment } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { DrawingDetail } from '../../drawing/geometry.ts';
import type { Story } from '../../story/story.ts';
import { type Chart, chartOf, type Stay } from '../chart.ts';
import { reachesMs } from '../clock.ts';
import { drawingsOf } from '../drawings.ts';
import { Mark } from '../parts/mark.tsx';
import { story as chosenStory } from '../state.ts';
import { duration, moment, type Tone } from '../words.ts';
import { ChartPicture, TONE_OF } from './chartPicture.tsx';

const detail = signal<DrawingDetail>('steps');

const DETAILS: ReadonlyArray<readonly [DrawingDetail, string]> = [
  ['steps', 'Overview'],
  ['calls', 'Every state'],
];

const drawing = computed(() => {
  const told = chosenStory.value;
  return told === null ? undefined : drawingsOf(told)?.[detail.value];
});

function DetailChoice() {
  return (
    <fieldset class="choice" aria-label="How much is drawn">
      {DETAILS.map(([name, label]) => (
        <button
          key={name}
          type="button"
          class="small"
          aria-pressed={detail.value === name}
          onClick={() => {
            detail.value = name;
          }}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}

const LEGEND: ReadonlyArray<readonly [Tone | null, string]> = [
  ['going', 'active'],
  ['good', 'passed'],
  ['quiet', 'skipped'],
  ['bad', 'failed'],
  ['waiting', 'queued'],
  [null, 'not reached'],
];

function Legend() {
  return (
    <ul class="legend" aria-label="Legend">
      {LEGEND.map(([tone, word]) => (
        <li key={word}>
          {tone === null ? <span class="todo" /> : <Mark tone={tone} />} {word}
        </li>
      ))}
      <li>
        <span class="line way" /> goes on
      </li>
      <li>
        <span class="line aside" /> leaves the way
      </li>
      <li>
        <span class="line taken" /> taken
      </li>
    </ul>
  );
}

/** A path that may be broken between its words. */
function StatePath({ path }: { readonly path: string }) {
  return (
    <>
      {path.split(/(?<=\.)|(?=[A-Z])/).map((part, index) => (
        <Fragment key={`${index}${part}`}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </>
  );
}

function notesOf({ path, enteredMs, leftMs }: Stay, { steps, retries }: Story): readonly string[] {
  const step = steps.find((one) => one.step === path.split('.').at(-1));
  const ownRetries = retries.filter(
    (retry) =>
      path.split('.').includes(retry.step) && retry.atMs >= enteredMs && retry.atMs <= (leftMs ?? Number.MAX_VALUE),
  );
  return [
    ...(step?.status === 'skipped' ? [`skipped: ${step.reason ?? ''}`] : []),
    ...(step?.status === 'failed' || step?.status === 'unknown' ? [`failed: ${step.reason ?? ''}`] : []),
    ...ownRetries.map(
      ({ attempt, reason, nextMs, atMs }) => `try ${attempt} after ${duration(nextMs - atMs)}: ${reason}`,
    ),
  ];
}

function PathTaken({ story, chart }: { readonly story: Story; readonly chart: Chart }) {
  const standings = new Map(chart.states.map(({ box, standing }) => [box.path, standing]));
  return (
    <section class="path" aria-labelledby="path-taken">
      <h2 id="path-taken">Path taken</h2>
      <ol>
        {chart.stays.map((stay, index) => {
          const isNow = stay.leftMs === null && index === chart.stays.length - 1;
          const standing = standings.get(stay.path) ?? 'passed';
          const tone = isNow && !story.hasEnded ? 'going' : TONE_OF[standing === 'active' ? 'passed' : standing];
          return (
            <li key={index} class={isNow ? 'now' : ''} data-stay={stay.path}>
              <Mark tone={tone ?? 'quiet'} />
              <span class="stay-path">
                <StatePath path={stay.path} />
                {isNow && stay.within !== '' && <span class="dim"> {stay.within}</span>}
              </span>
              <span class="at">{moment(stay.enteredMs)}</span>
              <span class="spent">
                {isNow && story.hasEnded ? 'end' : duration((stay.leftMs ?? reachesMs.value) - stay.enteredMs)}
              </span>
              {notesOf(stay, story).map((note) => (
                <span key={note} class="note">
                  {note}
                </span>
              ))}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** Brings the active state into sight whenever it has changed, without moving the page. */
function useFollowing(path: ReadonlySignal<string>) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = frame.current;
    // What scrolls must be reachable by keyboard.
    if (box !== null) box.tabIndex = 0;
    const lit = box?.querySelectorAll<SVGGElement>('.state.lit:not(.composite)');
    const state = lit?.[lit.length - 1];
    if (box === null || box === undefined || state === undefined) return;
    const [outer, inner] = [box.getBoundingClientRect(), state.getBoundingClientRect()];
    box.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
    box.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  }, [path.value, detail.value]);
  return frame;
}

export function StatechartView({ story }: { readonly story: Story }) {
  const path = useComputed(() => `${chosenStory.value?.id}:${chosenStory.value?.path}`);
  const frame = useFollowing(path);
  const drawn = drawing.value;
  if (drawn === undefined) return <p class="empty">This run names no statechart that is known.</p>;
  const chart = chartOf(story, drawn, reachesMs.value);
  return (
    <div class="statechart-view">
      <div class="tools">
        <DetailChoice />
        <Legend />
      </div>
      <div class="chart-and-path">
        <section class="chart-frame" ref={frame} data-own-arrows aria-label="Statechart">
          <ChartPicture drawing={drawn} chart={chart} hasEnded={story.hasEnded} />
        </section>
        <PathTaken story={story} chart={chart} />
      </div>
    </div>
  );
}
