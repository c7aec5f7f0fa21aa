/** What the server tells, as it tells it. */
import { effect, signal } from '@preact/signals';
import { type InspectorMessage, STREAM_PATH } from '../protocol.ts';
import { chooseFirst } from './choosing.ts';
import { LiveStory } from './liveStory.ts';
import { chosen, connection, files, liveStory, now, problem, runsTold, unreadable } from './state.ts';

const RETRY_MS = 1000;

let source: EventSource | undefined;
const told = new LiveStory((story) => {
  liveStory.value = story;
});

function take(message: InspectorMessage): void {
  switch (message.type) {
    case 'runs':
      now.value = Date.parse(message.now);
      runsTold(message.runs, message.isAll);
      if (message.isAll) unreadable.value = message.problems ?? [];
      chooseFirst();
      return;
    case 'lines':
      if (message.run === chosen.peek()) told.take(message);
      return;
    case 'problem':
      if (message.run === chosen.peek()) problem.value = message;
      return;
  }
}

function open(run: string | null): void {
  source?.close();
  const query = run === null ? '' : `?run=${encodeURIComponent(run)}`;
  const opened = new EventSource(`${STREAM_PATH}${query}`);
  source = opened;
  opened.onopen = () => {
    connection.value = 'live';
  };
  opened.onmessage = ({ data }: MessageEvent<string>) => take(JSON.parse(data) as InspectorMessage);
  opened.onerror = () => {
    connection.value = 'lost';
    // The browser tries again by itself, unless it was refused.
    if (opened.readyState === EventSource.CLOSED && source === opened) setTimeout(() => reopened.value++, RETRY_MS);
  };
}

const reopened = signal(0);

/** A page that was opened from a file has no server to ask. */
const hasServer = (): boolean => location.protocol.startsWith('http');

/** Listens to the list, and to the run that is chosen. */
export function listen(): void {
  if (!hasServer()) return;
  effect(() => {
    reopened.value;
    const id = chosen.value;
    const isFile = id !== null && files.peek().has(id);
    told.begin(isFile ? null : id);
    open(isFile ? null : id);
  });
}
