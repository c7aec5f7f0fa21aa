import type { ResourceId } from '../../domain/ids.ts';
import { commandsToLookAt } from '../../domain/lookAt.ts';
import {
  describeResource,
  isAlive,
  type LedgerEntry,
  type Resource,
  type ResourceKind,
  type ResourceState,
} from '../../domain/resource.ts';
import { codeStory } from './codes.ts';
import type { CallStory, ResourceStory } from './story.ts';

/** Which calls give a resource back, by their names in the port. */
const RELEASED_BY: { readonly [K in ResourceKind]: RegExp } = {
  scratchFolder: /^files\.removeFolder$/,
  scratchLayer: /^files\.removeFile$/,
  namespace: /^network\.deleteNamespace$/,
  namespaceEndpoint: /^network\.removeEndpoint$/,
  activatedLayer: /^layers\.deactivate$/,
  preparedLayer: /^layers\.unprepare$/,
  credentialGuard: /^credentials\.removeInstance$/,
  computeSystem: /^compute\./,
  utilityVm: /^compute\./,
  vmFile: /^files\.removeFile$/,
  vmGroupAccess: /^vmAccess\.revokeGroup$/,
  vmAccess: /^vmAccess\.revoke$/,
  vmAttachment: /^guest\.detach$/,
};

/** Whether the call is about the resource: it names it in words, or by something of its identity. */
function isAbout(subject: string, resource: Resource): boolean {
  const { kind: _, ...identity } = resource;
  const named: readonly unknown[] = Object.values(identity);
  return (
    subject === describeResource(resource) ||
    named.some((value) => typeof value === 'string' && (value === subject || subject.startsWith(`${value}\\`)))
  );
}

const isReleasing = ({ resource }: LedgerEntry, calls: readonly CallStory[]): boolean =>
  calls.some(
    ({ call, phase, subject }) =>
      phase === 'releasing' && RELEASED_BY[resource.kind].test(call) && isAbout(subject, resource),
  );

type Past = Array<ResourceStory['history'][number]>;

/** What became of the resources of a run, over time. */
export class Resources {
  readonly #past = new Map<ResourceId, Past>();

  /** A record says that a resource came to a state, and not when. */
  came(id: ResourceId, state: ResourceState): void {
    const past = this.#past.get(id) ?? [];
    this.#past.set(id, past);
    past.push({ state, atMs: null });
  }

  /** When it came to that state. */
  timed(id: ResourceId, state: ResourceState, atMs: number): void {
    const past = this.#past.get(id) ?? [];
    const index = past.findLastIndex((one) => one.state === state && one.atMs === null);
    if (index >= 0) past[index] = { state, atMs };
  }

  /** @param pending the calls that have not answered */
  all(entries: Iterable<LedgerEntry>, pending: readonly CallStory[]): readonly ResourceStory[] {
    return [...entries].map((entry) => this.#story(entry, pending));
  }

  #story(entry: LedgerEntry, pending: readonly CallStory[]): ResourceStory {
    const { id, order, resource, step, attempts, fault, wentWith } = entry;
    const isOnHost = isAlive(entry);
    return {
      id,
      order,
      kind: resource.kind,
      description: describeResource(resource),
      step,
      state: isOnHost && isReleasing(entry, pending) ? 'releasing' : entry.state,
      history: [...(this.#past.get(id) ?? [])],
      attempts,
      isOnHost,
      error: fault?.message ?? null,
      code: fault?.host === undefined ? null : codeStory(fault.host),
      wentWith: wentWith ?? null,
      commands: commandsToLookAt([resource]),
    };
  }
}
