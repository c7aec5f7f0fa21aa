import { chooseTab } from './choosing.ts';
import { Help } from './help.tsx';
import { Mark } from './parts/mark.tsx';
import { RunList } from './runList.tsx';
import { chosen, isHelpShown, isListShown, problem, story, TABS, type TabName, tab } from './state.ts';
import { Summary } from './summary.tsx';
import { nextTheme, theme } from './theme.ts';
import { DocumentView } from './views/document.tsx';
import { LedgerView } from './views/ledger.tsx';
import { SequenceView } from './views/sequence.tsx';
import { StatechartView } from './views/statechart.tsx';
import { WaterfallView } from './views/waterfall.tsx';

const VIEWS = {
  statechart: StatechartView,
  sequence: SequenceView,
  waterfall: WaterfallView,
  ledger: LedgerView,
  document: DocumentView,
} as const;

function Tab({ name, index }: { readonly name: TabName; readonly index: number }) {
  const isChosen = tab.value === name;
  return (
    <button
      type="button"
      role="tab"
      id={`tab-${name}`}
      aria-selected={isChosen}
      aria-controls="view"
      tabIndex={isChosen ? 0 : -1}
      onClick={() => chooseTab(name)}
    >
      {name}
      <kbd>{index + 1}</kbd>
    </button>
  );
}

function Run() {
  const told = story.value;
  if (problem.value !== null) {
    return (
      <p class="problem" role="alert">
        <Mark tone="bad" />
        <span>
          {problem.value.message} {problem.value.hint} <code>{problem.value.code}</code>
        </span>
      </p>
    );
  }
  if (chosen.value === null) {
    return <p class="empty">Choose a provision on the list, or drop a run file anywhere on this page.</p>;
  }
  if (told === null)
    return (
      <p class="empty" aria-busy="true">
        Reading what it has told…
      </p>
    );
  const View = VIEWS[tab.value];
  return (
    <>
      <Summary story={told} />
      <div class="tabs" role="tablist" aria-label="Views">
        {TABS.map((name, index) => (
          <Tab key={name} name={name} index={index} />
        ))}
      </div>
      <section class="view" id="view" role="tabpanel" aria-labelledby={`tab-${tab.value}`} data-view={tab.value}>
        <View story={told} />
      </section>
    </>
  );
}

function Bar() {
  return (
    <header class="top">
      <button
        type="button"
        class="small back"
        onClick={() => {
          isListShown.value = true;
        }}
      >
        List
      </button>
      <span class="brand">Slipway inspector</span>
      <span class="grow" />
      <button type="button" class="small" onClick={nextTheme} aria-label={`Colours: ${theme.value}`}>
        {theme.value}
      </button>
      <button
        type="button"
        class="small"
        aria-label="Keyboard help"
        onClick={() => {
          isHelpShown.value = true;
        }}
      >
        ?
      </button>
    </header>
  );
}

export function App() {
  return (
    <div class={`page ${isListShown.value ? 'list-shown' : 'run-shown'}`}>
      <Bar />
      <RunList />
      <main>
        <Run />
      </main>
      <Help />
    </div>
  );
}
