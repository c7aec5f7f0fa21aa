import type { ReadonlySignal } from '@preact/signals';
import type { RunOverview } from '../protocol.ts';
import { choose, rowId } from './choosing.ts';
import { FILTER_ID } from './keyboard.ts';
import { OpenFile } from './openFile.tsx';
import { Badge, Mark } from './parts/mark.tsx';
import { chosen, connection, files, filter, groups, now, runCount, runNamed, unreadable } from './state.ts';
import { age, counted, STATUS } from './words.ts';

const CONNECTION = {
  connecting: { tone: 'waiting', word: 'connecting' },
  live: { tone: 'going', word: 'live' },
  lost: { tone: 'warning', word: 'connection lost, trying again' },
} as const;

function ageOf(run: ReadonlySignal<RunOverview>): string {
  return age(now.value - Date.parse(run.value.startedAt));
}

function LeftOver({ run: { onHost, residue } }: { readonly run: RunOverview }) {
  if (residue > 0) return <span class="left bad">{counted(residue, 'residue', 'residue')}</span>;
  return onHost > 0 ? <span class="left">{onHost} on host</span> : null;
}

function secondLine({ fault, waiting, status }: RunOverview): string {
  if (fault !== null && status !== 'undoing') return `${fault.step}: ${fault.code}`;
  return waiting.what;
}

function Row({ id }: { readonly id: string }) {
  const run = runNamed(id);
  if (run === undefined) return null;
  const { systemId, status, kind, waiting } = run.value;
  const isChosen = chosen.value === id;
  return (
    <li>
      <button
        type="button"
        id={rowId(id)}
        class={`run ${STATUS[status].tone}`}
        aria-current={isChosen ? 'true' : undefined}
        data-run={id}
        onClick={() => choose(id)}
      >
        <span class="run-head">
          <Mark tone={STATUS[status].tone} />
          <span class="run-name">{systemId}</span>
          <span class="kind">{kind}</span>
          <span class="age">{ageOf(run)}</span>
        </span>
        <span class="run-state">
          <span class={`status-word ${STATUS[status].tone}`}>{STATUS[status].word}</span>
          <LeftOver run={run.value} />
        </span>
        <span class="run-wait" title={waiting.what}>
          {secondLine(run.value)}
        </span>
      </button>
    </li>
  );
}

function Files() {
  if (files.value.size === 0) return null;
  return (
    <section aria-labelledby="group-files">
      <h2 id="group-files">
        Opened files <span class="dim">{files.value.size}</span>
      </h2>
      <ul>
        {[...files.value].map(([name, { status, systemId }]) => (
          <li key={name}>
            <button
              type="button"
              id={rowId(name)}
              class={`run ${STATUS[status].tone}`}
              aria-current={chosen.value === name ? 'true' : undefined}
              onClick={() => choose(name)}
            >
              <span class="run-head">
                <Mark tone={STATUS[status].tone} />
                <span class="run-name">{systemId}</span>
                <span class="kind">file</span>
              </span>
              <span class="run-wait">{name}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Groups() {
  if (groups.value.length === 0) {
    return (
      <p class="empty">
        {runCount.value === 0
          ? 'No provisions yet. They appear here as they begin.'
          : 'No provision matches the filter.'}
      </p>
    );
  }
  return (
    <>
      {groups.value.map(({ name, ids }) => (
        <section key={name} aria-label={name}>
          <h2>
            {name} <span class="dim">{ids.length}</span>
          </h2>
          <ul>
            {ids.map((id) => (
              <Row key={id} id={id} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

export function RunList() {
  const { tone, word } = CONNECTION[connection.value];
  return (
    <nav class="list" aria-label="Provisions">
      <div class="list-head">
        <input
          id={FILTER_ID}
          type="search"
          placeholder="Filter: id, state, step   /"
          aria-label="Filter provisions"
          value={filter.value}
          onInput={(event) => {
            filter.value = event.currentTarget.value;
          }}
        />
        <div class="list-tools">
          <Badge tone={tone} word={word} />
          <OpenFile />
        </div>
      </div>
      <div class="list-body">
        <Files />
        <Groups />
        {unreadable.value.map(({ message, hint }) => (
          <p key={message} class="problem">
            <Mark tone="warning" /> {message} {hint}
          </p>
        ))}
      </div>
    </nav>
  );
}
