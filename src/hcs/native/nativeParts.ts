import { type Turns, turnsWithin } from './blocking.ts';
import type { Libraries } from './ffi/declaring.ts';
import { SystemHandles } from './handles.ts';
import { NativeMemory } from './nativeMemory.ts';
import { Operations } from './operations.ts';
import { Polling } from './polling.ts';
import { SystemEvents } from './systemEvents.ts';

/** What the ports of one native host have in common. */
export interface NativeParts {
  readonly libraries: Libraries;
  readonly memory: NativeMemory;
  readonly turns: Turns;
  readonly polling: Polling;
  readonly operations: Operations;
  readonly handles: SystemHandles;
  readonly events: SystemEvents;
}

export function nativePartsOf(libraries: Libraries): NativeParts {
  const memory = new NativeMemory(libraries);
  const turns = turnsWithin();
  const polling = new Polling();
  const handles = new SystemHandles();
  const operations = new Operations(libraries, memory, turns, polling);
  const events = new SystemEvents(libraries, memory, turns);
  return { libraries, memory, turns, polling, operations, handles, events };
}
