/**
 * Where a provision stands. `provisioning` and `undoing` move by themselves; `provisioned`, `held` and `needsHands`
 * wait for a word; `failed` and `released` are the end, with nothing left on the host.
 */
export type ProvisionStatus =
  | 'provisioning'
  | 'provisioned'
  | 'undoing'
  | 'held'
  | 'needsHands'
  | 'failed'
  | 'released';

/** Whether nothing moves until somebody says so. */
export function isAtRest(status: ProvisionStatus): boolean {
  return status !== 'provisioning' && status !== 'undoing';
}
