/**
 * Where a provision stands. `provisioning`, `undoing` and `reconciling` move by themselves; `provisioned`, `held` and `needsHands`
 * wait for a word; `failed` and `released` are the end, with nothing left on the host.
 */
export type ProvisionStatus =
  | 'provisioning'
  | 'provisioned'
  | 'undoing'
  | 'reconciling'
  | 'held'
  | 'needsHands'
  | 'failed'
  | 'released';

/** Whether nothing moves until somebody says so. */
export function isAtRest(status: ProvisionStatus): boolean {
  return status !== 'provisioning' && status !== 'undoing' && status !== 'reconciling';
}

/** What a run file says. A run that reconciles still stands where it stood before, for all that anybody knows. */
export type RecordedStatus = Exclude<ProvisionStatus, 'reconciling'>;
