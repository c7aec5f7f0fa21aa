/** Longer than any timer may be. */
const AS_LONG_AS_POSSIBLE = 2 ** 31 - 1;

/** Keeps this process alive while it waits: who waits for an exit alone does not. */
export async function keepingAlive<T>(work: () => Promise<T> | T): Promise<T> {
  const timer = setInterval(() => {}, AS_LONG_AS_POSSIBLE);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
