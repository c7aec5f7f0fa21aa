import type { CodeMeaning } from './codes.ts';

/** By unsigned HRESULT. */
export const CODES: ReadonlyMap<number, CodeMeaning> = new Map<number, CodeMeaning>([]);
