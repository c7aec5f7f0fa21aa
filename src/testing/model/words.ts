import type { AnyMachineSnapshot } from 'xstate';
import type { Stands } from './machinery.ts';

/** `{ allocating: { mountingLayers: 'activating' } }` as `allocating.mountingLayers.activating`. */
export function valueInWords(value: AnyMachineSnapshot['value']): string {
  if (typeof value === 'string') return value;
  return Object.entries(value)
    .map(([state, inside]) => (inside === undefined ? state : `${state}.${valueInWords(inside)}`))
    .join(' + ');
}

/** Where every statechart stands: `creating, container: provisioned`. */
export function placesInWords(stands: Stands): string {
  return [...stands.values()]
    .map(({ place, snapshot }) => `${place === '' ? '' : `${place}: `}${valueInWords(snapshot.value)}`)
    .join(', ');
}
