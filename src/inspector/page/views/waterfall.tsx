import type { Story } from '../../story/story.ts';
import { reachesMs } from '../clock.ts';
import { Mark } from '../parts/mark.tsx';
import { percent, ticksOf } from '../scale.ts';
import { rowsOf, type WaterfallRow } from '../waterfallRows.ts';
import { duration } from '../words.ts';

/** Lines behind the bars, at the ticks of the axis. */
function Lines({ spanMs }: { readonly spanMs: number }) {
  return (
    <div class="axis lines" aria-hidden="true">
      <span />
      <span class="bar-lane">
        {ticksOf(spanMs).map((tick) => (
          <span key={tick} class="tick" style={{ left: percent(tick, spanMs) }} />
        ))}
      </span>
      <span class="spent" />
    </div>
  );
}

function Axis({ spanMs }: { readonly spanMs: number }) {
  return (
    <div class="axis" aria-hidden="true">
      <span class="bar-name">from the start</span>
      <span class="bar-lane">
        {ticksOf(spanMs).map((tick) => (
          <span key={tick} class="tick" style={{ left: percent(tick, spanMs) }}>
            {duration(tick)}
          </span>
        ))}
      </span>
      <span class="spent" />
    </div>
  );
}

function spentIn({ startMs, endMs, outcome, isOpen }: WaterfallRow): string {
  if (startMs === null) return outcome;
  return isOpen ? `${duration(endMs - startMs)}…` : duration(endMs - startMs);
}

function Bar({ row, spanMs }: { readonly row: WaterfallRow; readonly spanMs: number }) {
  const { isStep, name, detail, startMs, endMs, tone, outcome, isOpen } = row;
  const hasOutcome = tone === 'bad' || (!isStep && !['ok', 'no answer yet'].includes(outcome));
  const length = startMs === null ? 0 : endMs - startMs;
  return (
    <li class={`bar-row ${isStep ? 'whole' : 'part'} ${tone}`} data-bar={name} data-outcome={outcome} title={detail}>
      <span class="bar-name">
        <Mark tone={tone} />
        <span class="bar-words">
          {name} {detail !== '' && <span class="dim">{detail}</span>}
        </span>
      </span>
      <span class="bar-lane">
        {startMs !== null && (
          <span
            class={`bar ${isOpen ? 'open' : ''}`}
            style={{ left: percent(startMs, spanMs), width: percent(length, spanMs) }}
          />
        )}
        {startMs !== null && hasOutcome && (
          <span
            class={`bar-outcome ${startMs > spanMs / 2 ? 'before' : ''}`}
            style={
              startMs > spanMs / 2 ? { right: percent(spanMs - startMs, spanMs) } : { left: percent(endMs, spanMs) }
            }
          >
            {outcome}
          </span>
        )}
      </span>
      <span class="spent">{spentIn(row)}</span>
    </li>
  );
}

export function WaterfallView({ story }: { readonly story: Story }) {
  const rows = rowsOf(story, reachesMs.value);
  const spanMs = Math.max(1, ...rows.map(({ endMs }) => endMs));
  if (rows.length === 0) return <p class="empty">No step has begun.</p>;
  return (
    <div class="waterfall-view">
      <Lines spanMs={spanMs} />
      <Axis spanMs={spanMs} />
      <ol class="bars" aria-label="Steps and calls over time">
        {rows.map((row) => (
          <Bar key={row.key} row={row} spanMs={spanMs} />
        ))}
      </ol>
    </div>
  );
}
