import { type Turns, turnsWithin } from './blocking.ts';
import type { Libraries } from './ffi/declaring.ts';
import { NativeEvents } from './nativeEvents.ts';
import { NativeMemory } from './nativeMemory.ts';
import { Operations } from './operations.ts';
import { Polling } from './polling.ts';

/** What the ports of one native host have in common. */
export interface NativeParts {
  readonly libraries: Libraries;
  readonly memory: NativeMemory;
  readonly turns: Turns;
  readonly polling: Polling;
  readonly operations: Operations;
  readonly events: NativeEvents;
}

export function nativePartsOf(libraries: Libraries): NativeParts {
  const memory = new NativeMemory(libraries);
  const turns = turnsWithin();
  const polling = new Polling();
  const operations = new Operations(libraries, memory, turns, polling);
  return { libraries, memory, turns, polling, operations, events: new NativeEvents(libraries, memory) };
}
