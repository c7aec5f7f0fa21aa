/** Where a statechart stands, in the words of a provision. */
import type { ProvisionStatus } from '../domain/provisionStatus.ts';
import type { RunSnapshot } from './runSubject.ts';

/** `{ allocating: { mountingLayers: 'activating' } }` as `allocating.mountingLayers.activating`. */
export function pathOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const [entry] = Object.entries(value ?? {});
  return entry === undefined ? '' : `${entry[0]}.${pathOf(entry[1])}`;
}

/** The status that its tags stand for. */
export function statusOf(snapshot: RunSnapshot): ProvisionStatus {
  if (snapshot.status === 'done') return snapshot.context.fault === null ? 'released' : 'failed';
  if (snapshot.hasTag('provisioned')) return 'provisioned';
  if (snapshot.hasTag('held')) return 'held';
  if (snapshot.hasTag('needsHands')) return 'needsHands';
  if (snapshot.hasTag('reconciling')) return 'reconciling';
  return snapshot.hasTag('undoing') ? 'undoing' : 'provisioning';
}
