/** The native host with koffi over stand-in libraries, for one test file. */
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { HostError } from '../../src/hcs/hostError.ts';
import type { HostPort } from '../../src/hcs/port.ts';
import { type StandInControl, startStandIn } from '../standin/control.ts';
import { hostOverStandIns, StandInCore } from './overStandIns.ts';

export interface KoffiHost {
  readonly control: StandInControl;
  readonly core: StandInCore;
  readonly host: HostPort;
}

/** `ground`: what the host is like before each test. Gives what is there while one runs. */
export function useKoffiHost(ground: Parameters<StandInControl['reset']>[0]): () => KoffiHost {
  let one: KoffiHost | undefined;
  const current = (): KoffiHost => {
    if (one === undefined) throw new RangeError('there is no host outside of a test');
    return one;
  };
  beforeAll(async () => {
    const core = await StandInCore.of('koffi');
    const control = await startStandIn();
    one = { core, control, host: hostOverStandIns('koffi', control.files) };
  });
  afterAll(async () => {
    const { core, control } = current();
    core.connectTo(0);
    await control.stop();
  });
  beforeEach(async () => {
    const { core, control } = current();
    core.connectTo(control.port);
    core.forget();
    await control.reset(ground);
    one = { core, control, host: hostOverStandIns('koffi', control.files) };
  });
  return current;
}

/** `done`, or the call and the code with which it failed. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'done';
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return `${error.failure.call} ${error.failure.name}`;
  }
}
