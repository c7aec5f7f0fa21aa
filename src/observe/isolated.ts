import { Observable, type Observer, type Operator, type Subscription } from 'rxjs';
import { type BackPressure, iterate } from './asyncIteration.ts';

/** Told of what a subscriber threw; the stream and everybody else on it go on. */
export type OnSubscriberError = (error: unknown) => void;

/**
 * An observable whose subscribers cannot do harm: what they throw is caught and reported, also behind operators,
 * instead of ending the process as an uncaught exception. It can be iterated too, as its back pressure says.
 */
export class IsolatedObservable<T> extends Observable<T> implements AsyncIterable<T> {
  readonly #backPressure: BackPressure;
  readonly #onSubscriberError: OnSubscriberError;

  constructor(source: Observable<T>, onSubscriberError: OnSubscriberError, backPressure: BackPressure) {
    super();
    this.source = source;
    this.#onSubscriberError = onSubscriberError;
    this.#backPressure = backPressure;
  }

  [Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    return iterate(this, this.#backPressure);
  }

  /** Overridden so that `pipe` keeps the isolation. */
  override lift<R>(operator?: Operator<T, R>): Observable<R> {
    const lifted = new IsolatedObservable<R>(
      this as Observable<unknown> as Observable<R>,
      this.#onSubscriberError,
      this.#backPressure,
    );
    if (operator !== undefined) lifted.operator = operator as Operator<unknown, R> as Operator<R, R>;
    return lifted;
  }

  override subscribe(observer?: Partial<Observer<T>> | ((value: T) => void) | null): Subscription;
  override subscribe(
    next?: ((value: T) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription;
  override subscribe(
    first?: Partial<Observer<T>> | ((value: T) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    const given = typeof first === 'function' ? { next: first, error, complete } : (first ?? { error, complete });
    return super.subscribe({
      next: (value) => this.#guard(() => given.next?.(value)),
      error: (reason: unknown) => this.#guard(() => given.error?.(reason)),
      complete: () => this.#guard(() => given.complete?.()),
    });
  }

  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#onSubscriberError(error);
    }
  }
}
