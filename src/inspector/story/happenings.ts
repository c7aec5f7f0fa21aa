import type { ResourceId } from '../../domain/ids.ts';
import type { LedgerEntry, ResourceState } from '../../domain/resource.ts';
import { describeResource } from '../../domain/resource.ts';
import type { CallStory, HappeningStory } from './story.ts';
import type { Happened } from './words.ts';

type Tone = HappeningStory['tone'];

const RESOURCE_WORDS: { readonly [S in ResourceState]: readonly [words: string, tone: Tone] } = {
  intended: ['is about to be acquired', 'plain'],
  held: ['is held', 'good'],
  refused: ["is somebody else's", 'bad'],
  released: ['is released', 'good'],
  handedOver: ['stays with the caller', 'plain'],
  residue: ['could not be released', 'bad'],
  waived: ['is left to the caller', 'warning'],
};

function callWords({ call, subject, durationMs, failure }: CallStory): string {
  if (durationMs === null) return `${call} (${subject})`;
  const took = `${Math.round(durationMs)} ms`;
  return failure === null
    ? `${call} (${subject}) answered in ${took}`
    : `${call} (${subject}) failed after ${took}: ${failure.meaning} (${failure.name}, ${failure.hresult})`;
}

/** The sequence of what happened in a run. */
export class Happenings {
  readonly #all: HappeningStory[] = [];
  /** Where the last change of a resource stands in it. */
  readonly #ofResource = new Map<ResourceId, number>();

  get all(): readonly HappeningStory[] {
    return [...this.#all];
  }

  add(atMs: number, type: string, happened: Happened): void {
    this.#all.push({ number: this.#all.length, atMs, type, ...happened });
  }

  addState(atMs: number, path: string): void {
    this.add(atMs, 'state.entered', { kind: 'state', text: path, tone: 'plain' });
  }

  addCall(atMs: number, call: CallStory): void {
    const { durationMs, failure, number } = call;
    const tone = failure === null ? 'plain' : failure.class === 'gone' ? 'plain' : 'bad';
    const type = durationMs === null ? 'call.started' : 'call.answered';
    this.#all.push({
      number: this.#all.length,
      atMs,
      type,
      kind: 'call',
      text: callWords(call),
      tone,
      call: number,
      ...(failure === null ? {} : { code: failure }),
    });
  }

  addResource(atMs: number, { id, resource, state, fault }: LedgerEntry): void {
    const [words, tone] = RESOURCE_WORDS[state];
    this.#ofResource.set(id, this.#all.length);
    const reason = fault === undefined ? '' : `: ${fault.message}`;
    const text = `${describeResource(resource)} ${words}${reason}`;
    this.add(atMs, `resource.${state}`, { kind: 'resource', text, tone });
  }

  /** The time of the last change of a resource, which came without one. */
  timeResource(id: ResourceId, atMs: number): void {
    const index = this.#ofResource.get(id);
    const happening = index === undefined ? undefined : this.#all[index];
    if (index !== undefined && happening !== undefined) this.#all[index] = { ...happening, atMs };
  }
}
