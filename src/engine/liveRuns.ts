import { isDeepStrictEqual } from 'node:util';
import { BehaviorSubject } from 'rxjs';
import type { HostEvent } from '../domain/events.ts';
import type { ProvisionId, SystemId } from '../domain/ids.ts';
import type { HostPort } from '../hcs/port.ts';
import type { Creating } from './creating.ts';
import { ProvisionConflict } from './faults.ts';
import type { ProvisionRun } from './provisionRun.ts';

/** The runs of one kind that have not ended, by what they make. */
export class LiveRuns<Create extends Creating<unknown>> {
  readonly list$ = new BehaviorSubject<readonly Create[]>([]);
  readonly #bySystem = new Map<SystemId, { readonly request: unknown; readonly create: Create }>();
  readonly #running = new Map<ProvisionId, ProvisionRun>();

  /** The create that is there already for the same request. @throws {ProvisionConflict} for another one */
  known(id: SystemId, request: unknown): Create | undefined {
    const known = this.#bySystem.get(id);
    if (known === undefined || isDeepStrictEqual(known.request, request)) return known?.create;
    throw new ProvisionConflict(id, known.create.id);
  }

  byRun(id: ProvisionId): Create | undefined {
    return this.list$.value.find((create) => create.id === id);
  }

  begin(id: SystemId, request: unknown, create: Create, run: ProvisionRun): Create {
    this.#bySystem.set(id, { request, create });
    this.#running.set(create.id, run);
    this.list$.next([...this.list$.value, create]);
    run.recorder.life.state$.subscribe({
      complete: () => {
        this.#bySystem.delete(id);
        this.#running.delete(create.id);
        this.list$.next(this.list$.value.filter((other) => other !== create));
      },
    });
    run.start();
    return create;
  }

  report(id: ProvisionId, event: HostEvent): void {
    this.#running.get(id)?.onHostEvent(event);
  }

  /** Tells every run that the compute service went away. */
  serviceIsLost(): void {
    const event = { type: 'service.disconnected' } as const;
    for (const run of [...this.#running.values()]) if (run.can(event)) run.send(event);
  }

  async cancelAll(reason: string): Promise<void> {
    await Promise.all(this.list$.value.map((create) => create.cancel(reason)));
  }
}

/** Has the runs told whenever the compute service of the host goes away, if the host can tell; gives the end of it. */
export function tellOfService(host: HostPort, all: ReadonlyArray<{ serviceIsLost(): void }>): () => void {
  const told = () => {
    for (const runs of all) runs.serviceIsLost();
  };
  return host.onServiceDisconnect?.(told) ?? (() => {});
}
