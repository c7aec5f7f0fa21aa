/** The native host over the stand-in libraries, whose service holds the host of each case in turn. */
import { realClock } from '../../src/hcs/clock.ts';
import { standInHost } from '../contract/hosts/standIn.ts';
import { connectStandIn } from '../standin/control.ts';
import type { Grounds } from './ground.ts';

/**
 * The service listens on `port`; the libraries are in `folder`. Files are looked for where the service has them: those
 * of a case are nowhere else.
 */
export async function nativeGround(port: number, folder: string): Promise<Grounds> {
  process.env.SLIPWAY_STANDIN_PORT = String(port);
  const control = await connectStandIn(port);
  const host = standInHost(folder, control.files);
  const clock = realClock();
  return {
    make: async (described) => {
      await control.reset(described);
      return {
        host,
        clock,
        snapshot: () => control.snapshot(),
        effects: () => control.effects(),
        calls: () => control.calls(),
        inject: (fault) => control.inject(fault),
      };
    },
    close: () => control.stop(),
  };
}
