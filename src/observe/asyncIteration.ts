import type { Observable } from 'rxjs';

/**
 * What a consumer that is slower than the stream gets. `latest`: the newest value when it comes back, the ones between
 * are gone. `all`: every value, kept in memory until it comes back.
 */
export type BackPressure = 'latest' | 'all';

/** Iterates a stream; leaving the loop unsubscribes. The stream is subscribed to when the first value is asked for. */
export async function* iterate<T>(source: Observable<T>, backPressure: BackPressure): AsyncGenerator<T, void, void> {
  let waiting: T[] = [];
  let ended = false;
  let wake = (): void => {};
  const subscription = source.subscribe({
    next: (value) => {
      if (backPressure === 'latest') waiting = [];
      waiting.push(value);
      wake();
    },
    complete: () => {
      ended = true;
      wake();
    },
  });
  try {
    while (waiting.length > 0 || !ended) {
      const [value] = waiting.splice(0, 1);
      if (value !== undefined) yield value;
      else if (!ended) await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    subscription.unsubscribe();
  }
}
