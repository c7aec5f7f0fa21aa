import type { Arrow, ArrowKind, Drawing } from '../../drawing/geometry.ts';
import { pathData } from '../../drawing/pathData.ts';
import type { Chart, ShownState, Standing } from '../chart.ts';
import { Mark } from '../parts/mark.tsx';
import { duration, type Tone } from '../words.ts';

export const TONE_OF: { readonly [S in Standing]: Tone | null } = {
  never: null,
  active: 'going',
  passed: 'good',
  skipped: 'quiet',
  failed: 'bad',
  queued: 'waiting',
};

const MARK_SIZE = 13;

function noteOf({ standing, entered, spentMs, retries, within }: ShownState, hasEnded: boolean): string {
  if (standing === 'skipped') return 'skipped';
  if (standing === 'never') return '';
  const isIn = standing === 'active' || standing === 'queued';
  const parts = [
    ...(isIn && within !== '' ? [within] : []),
    ...(standing === 'failed' ? ['failed'] : []),
    ...(retries > 0 ? [`${retries}× again`] : entered > 1 ? [`${entered}×`] : []),
    ...(isIn && hasEnded ? ['the end'] : [duration(spentMs)]),
  ];
  return parts.join(' · ');
}

function StateGroup({ state, hasEnded }: { readonly state: ShownState; readonly hasEnded: boolean }) {
  const { path, name, x, y, width, height, isComposite, isFinal, isInitial, description } = state.box;
  const { standing, reason } = state;
  const note = noteOf(state, hasEnded);
  const tone = TONE_OF[standing];
  const isLit = standing === 'active' || standing === 'queued';
  const classes = [
    'state',
    standing,
    isLit && 'lit',
    isComposite && 'composite',
    isInitial && 'initial',
    state.retries > 0 && 'retried',
  ];
  const title = [description, reason].filter((part) => part !== undefined && part !== null).join(' — ');
  const middle = isComposite ? x + 34 : x + width / 2 + (tone === null ? 0 : MARK_SIZE / 2);
  const anchor = isComposite ? 'start' : 'middle';
  const line = isComposite || note !== '' ? y + 16 : y + height / 2 + 4;
  return (
    <g class={classes.filter(Boolean).join(' ')} data-state={path} data-standing={standing}>
      {title !== '' && <title>{title}</title>}
      <rect x={x} y={y} width={width} height={height} rx="6" />
      {isFinal && <rect class="inner" x={x + 3} y={y + 3} width={width - 6} height={height - 6} rx="4" />}
      {tone !== null && (
        <svg x={x + 7} y={y + 6} width={MARK_SIZE} height={MARK_SIZE} aria-hidden="true">
          <Mark tone={tone} />
        </svg>
      )}
      <text class="name" x={middle} y={line} text-anchor={anchor}>
        {name}
      </text>
      {note !== '' && (
        <text class="note" x={middle} y={y + 30} text-anchor={anchor}>
          {note}
        </text>
      )}
    </g>
  );
}

function ArrowGroup({ arrow, isTaken }: { readonly arrow: Arrow; readonly isTaken: boolean }) {
  const head = isTaken ? 'taken' : arrow.kind;
  return (
    <g class={`arrow ${arrow.kind} ${isTaken ? 'taken' : ''}`} data-arrow={`${arrow.source}>${arrow.target}`}>
      <path d={pathData(arrow.points)} marker-end={`url(#head-${head})`} />
      {arrow.labels.map(({ text, x, y, height }) => (
        <text key={`${text}${x}${y}`} x={x} y={y + height - 3}>
          {text}
        </text>
      ))}
    </g>
  );
}

function Head({ kind }: { readonly kind: ArrowKind | 'taken' }) {
  return (
    <marker
      id={`head-${kind}`}
      viewBox="0 0 8 8"
      refX="7"
      refY="4"
      markerWidth="7"
      markerHeight="7"
      orient="auto"
      markerUnits="userSpaceOnUse"
    >
      <path class={`head ${kind}`} d="M0 0.5L8 4L0 7.5z" />
    </marker>
  );
}

interface PictureProps {
  readonly drawing: Drawing;
  readonly chart: Chart;
  readonly hasEnded: boolean;
}

/** Arrows that were taken lie on top of the others, where they share a way. */
export function ChartPicture({ drawing, chart, hasEnded }: PictureProps) {
  const { machine, width, height, arrows } = drawing;
  const isTaken = ({ source, target }: Arrow): boolean => chart.taken.has(`${source}>${target}`);
  const rank = (arrow: Arrow): number => (isTaken(arrow) ? 2 : Number(arrow.kind === 'forward'));
  const ordered = [...arrows].sort((a, b) => rank(a) - rank(b));
  return (
    <svg
      class="chart"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={`Statechart ${machine}`}
    >
      <defs>
        <Head kind="forward" />
        <Head kind="leaving" />
        <Head kind="taken" />
      </defs>
      {chart.states.map((state) => (
        <StateGroup key={state.box.path} state={state} hasEnded={hasEnded} />
      ))}
      {ordered.map((arrow) => (
        <ArrowGroup key={`${arrow.source}>${arrow.target}`} arrow={arrow} isTaken={isTaken(arrow)} />
      ))}
    </svg>
  );
}
