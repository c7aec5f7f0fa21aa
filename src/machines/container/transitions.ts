/** Transitions that several states of a container have. */
import type { ExitManner } from '../../domain/containerLife.ts';
import type { SystemExit } from '../../domain/process.ts';
import type { StopAsked } from './contract.ts';

export const stopOf = ({ event: { signal, timeoutMs } }: { event: StopAsked }): { readonly stop: StopAsked } => ({
  stop: { signal, timeoutMs },
});

export const deleteNow = { target: '#container.deleting' } as const;

/** Where the end by force is refused, or does not come. */
export const notEnded = {
  target: 'stuck',
  actions: {
    type: 'recordFault',
    params: ({ event }: { event: { readonly error: unknown } }) => ({ error: event.error, phase: 'stopping' as const }),
  },
} as const;
export const notEndedInTime = {
  target: 'stuck',
  actions: { type: 'recordOverdue', params: { phase: 'stopping', wait: 'terminateMs' } },
} as const;

/** Whoever gives the run back ends what is left of the container. */
export const goneWithRun = (how: ExitManner) =>
  ({ target: '#container.deleted', actions: [{ type: 'recordHow', params: { how } }, 'emitStopped'] }) as const;

export interface Exited {
  readonly event: { readonly exit: SystemExit; readonly withVm?: boolean };
}

/** A guest calls it unexpected when its init ends by itself; nothing has gone wrong then. */
const hasEndedByItself = ({ ExitType, Status }: SystemExit): boolean => ExitType === 'UnexpectedExit' && Status === 0;

/** How a system ended that nobody here had asked to. */
const mannerOf = ({ event: { exit, withVm = false } }: Exited) => {
  if (withVm) return { how: 'crashedGuest' as const };
  if (exit.ExitType === 'GracefulExit' || hasEndedByItself(exit)) return { how: 'graceful' as const };
  return { how: exit.ExitType === 'ForcedExit' ? ('forced' as const) : ('unexpected' as const) };
};

export const exitOf = { type: 'recordHow', params: mannerOf } as const;

export const onExit = ['recordSystemEnd', exitOf] as const;
