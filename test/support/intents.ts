import { resourceId } from '../../src/domain/ids.ts';
import type { Resource } from '../../src/domain/resource.ts';
import type { Intent } from '../../src/hcs/intent.ts';
import { intentOf } from '../../src/journal/intentOf.ts';

/** An intent as the ledger would give it, for tests of a host alone. */
export function intend<R extends Resource>(resource: R): Intent<R['kind']> {
  const entry = {
    id: resourceId('test/1'),
    order: 0,
    resource,
    step: 'networking',
    state: 'intended',
    attempts: 0,
  } as const;
  return intentOf(entry, resource);
}
