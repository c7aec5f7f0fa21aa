/** A function of a library that calls back when it is done on another thread. */
export interface CallingBack {
  async(...parameters: unknown[]): unknown;
}

/** The answer of a call on another thread, made of what the library gives. */
export function answerLater(
  found: CallingBack,
  parameters: readonly unknown[],
  asValue: (value: unknown) => unknown,
): Promise<unknown> {
  // What was passed by address must outlive the call.
  const kept = [...parameters];
  return new Promise((resolve, reject) => {
    found.async(...parameters, (error: unknown, value: unknown) => {
      kept.length = 0;
      if (error === null || error === undefined) resolve(asValue(value));
      else reject(error);
    });
  });
}
