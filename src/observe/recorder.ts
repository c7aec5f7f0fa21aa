import { type Observable, ReplaySubject, takeWhile } from 'rxjs';
import type { ProvisionEvent } from '../domain/events.ts';
import type { LedgerEntry } from '../domain/resource.ts';
import { IsolatedObservable, type OnSubscriberError } from './isolated.ts';
import type { ProvisionState } from './provisionState.ts';

/** How many events of one provision a late subscriber still gets. */
const KEPT_EVENTS = 10_000;

/** What can be watched of a provision, and of the container that comes of it. */
export interface Watchable {
  /** The current state first, then every change. A `for await` that is slow gets the newest state. */
  readonly state$: Observable<ProvisionState> & AsyncIterable<ProvisionState>;
  /** The ledger: the current entries first, then all of them at every change. A slow `for await` gets the newest. */
  readonly resources$: Observable<readonly LedgerEntry[]> & AsyncIterable<readonly LedgerEntry[]>;
  /**
   * Every event from the first one on, also for a late subscriber (the last 10,000 of them). A slow `for await` gets
   * every event: they wait for it in memory.
   */
  readonly events$: Observable<ProvisionEvent> & AsyncIterable<ProvisionEvent>;
}

/** Publishes the life of one provision. */
export class Recorder {
  // Not a BehaviorSubject: that one forgets its value when it completes.
  readonly #state$ = new ReplaySubject<ProvisionState>(1);
  readonly #resources$ = new ReplaySubject<readonly LedgerEntry[]>(1);
  readonly #events$ = new ReplaySubject<ProvisionEvent>(KEPT_EVENTS);
  #state: ProvisionState;
  /** From the request until the resources are released. */
  readonly life: Watchable;
  /** From the request until the create has ended, well or not. */
  readonly create: Watchable;

  constructor(initial: ProvisionState, onSubscriberError: OnSubscriberError) {
    this.#state = initial;
    this.#state$.next(initial);
    this.#resources$.next([]);
    const latest = <T>(source: Observable<T>) => new IsolatedObservable(source, onSubscriberError, 'latest');
    const all = <T>(source: Observable<T>) => new IsolatedObservable(source, onSubscriberError, 'all');
    this.life = {
      state$: latest(this.#state$),
      resources$: latest(this.#resources$),
      events$: all(this.#events$),
    };
    this.create = {
      state$: latest(this.#state$.pipe(takeWhile((state) => state.status !== 'provisioned', true))),
      resources$: this.life.resources$,
      events$: all(this.#events$.pipe(takeWhile((event) => event.type !== 'provision.completed', true))),
    };
  }

  get state(): ProvisionState {
    return this.#state;
  }

  publishState(state: ProvisionState): void {
    this.#state = state;
    this.#state$.next(state);
  }

  publishResources(entries: readonly LedgerEntry[]): void {
    this.#resources$.next(entries);
  }

  publishEvent(event: ProvisionEvent): void {
    this.#events$.next(event);
  }

  /** Nothing more will happen. */
  end(): void {
    this.#state$.complete();
    this.#resources$.complete();
    this.#events$.complete();
  }
}
