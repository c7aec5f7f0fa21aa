/** @throws {Error} when it was not attached. */
export function wanted<T extends { readonly kind: string }>(outcome: T): Extract<T, { kind: 'attached' }> {
  if (outcome.kind !== 'attached') throw new Error(`not attached: ${JSON.stringify(outcome)}`);
  return outcome as Extract<T, { kind: 'attached' }>;
}
