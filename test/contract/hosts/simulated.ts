import { containerId } from '../../../src/domain/ids.ts';
import { simulatedHost } from '../../../src/testing/index.ts';
import type { HostUnderTest, OtherProcess, Stage } from '../claim.ts';
import { containerDocument, containerIntent, worldIn } from '../world.ts';

const FOLDER = 'C:\\contract';

function open(): HostUnderTest {
  const host = simulatedHost(worldIn(FOLDER));
  const otherProcess = async (id: string): Promise<OtherProcess> => {
    const other = host.attach();
    await other.compute.create(containerIntent(containerId(id)), containerDocument());
    return { kill: async () => other.end() };
  };
  return {
    host,
    folder: FOLDER,
    snapshot: async () => host.snapshot(),
    inject: async (fault) => {
      const heal = host.inject(fault);
      return async () => heal();
    },
    pendingCalls: async () => host.pendingCalls,
    answerPending: async () => host.answerPending(),
    serviceDies: (death) => host.serviceDies(death),
    serviceRestarts: async () => host.serviceRestarts(),
    vmExits: (id) => host.vmExits(id),
    otherProcess,
    close: async () => [],
  };
}

/** The simulated host itself. */
export function simulatedStage(): Stage {
  return {
    abilities: new Set(['described', 'files', 'injection', 'serviceDeath', 'processes']),
    whyNot: '',
    open: async () => open(),
    close: async () => {},
  };
}
