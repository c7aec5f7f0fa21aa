/** The host that a case runs on, and the eyes and hands of whoever judges it. */
import type { Clock } from '../../src/domain/clock.ts';
import type { HostPort } from '../../src/hcs/port.ts';
import {
  type CallRecord,
  type Effect,
  type InjectedFault,
  type SimulatedHostOptions,
  simulatedHost,
  virtualClock,
} from '../../src/testing/index.ts';

export interface Ground {
  /** What the provisioner is given. */
  readonly host: HostPort;
  readonly clock: Clock;
  snapshot(): Promise<readonly string[]>;
  effects(): Promise<readonly Effect[]>;
  calls(): Promise<readonly CallRecord[]>;
  /** Makes a call go wrong; the function that is returned takes it back. */
  inject(fault: InjectedFault): Promise<() => Promise<void>>;
}

/** Gives a host as described, on which nothing has happened yet. */
export type MakeGround = (described: SimulatedHostOptions) => Promise<Ground>;

/** Where the grounds of a run come from. */
export interface Grounds {
  readonly make: MakeGround;
  close(): Promise<void>;
}

/** The simulated host, on a clock of its own. */
export const simulatedGround: MakeGround = async (described) => {
  const clock = virtualClock({ autoAdvance: true });
  const host = simulatedHost({ ...described, clock });
  return {
    host,
    clock,
    snapshot: async () => host.snapshot(),
    effects: async () => [...host.effects],
    calls: async () => host.calls,
    inject: async (fault) => {
      const takeBack = host.inject(fault);
      return async () => takeBack();
    },
  };
};
