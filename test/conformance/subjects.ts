/** What a process does in which it can die: the create and the release of a recorded case, of either kind. */
import { v4 as uuid } from 'uuid';
import { lookAtSystem } from '../../src/actors/looking.ts';
import type { Container, Provisioner, ProvisionerOptions, VmStore } from '../../src/index.ts';
import type { SimulatedHost, SimulatedHostOptions } from '../../src/testing/index.ts';
import type { Case } from './case.ts';
import { LIVELY, live, speak, withProcess } from './life.ts';
import { describeHost, optionsOf, provisionerOn, requestOf } from './runCase.ts';
import type { VmCase } from './vmCase.ts';
import { describeVmHost, isVmCase, KEPT_OF_VM, vmOptionsOf, vmRequestOf } from './vmOnHost.ts';

export type Lifetime = 'process' | 'host';

type Prepared = ProvisionerOptions & { readonly host: SimulatedHost; readonly vms: VmStore };

export interface CrashSubject {
  readonly name: string;
  /** The host before anything happens. */
  readonly host: SimulatedHostOptions;
  readonly options: Omit<ProvisionerOptions, 'host'>;
  /** Makes what the case finds there. */
  readonly prepare: (options: Prepared) => Promise<unknown>;
  readonly createAndRelease: (provisioner: Provisioner, lifetime: Lifetime) => Promise<unknown>;
  /** What is wrong with a container that was found again. */
  readonly defectsOf?: (container: Container, host: SimulatedHost) => Promise<readonly string[]>;
  /** Whether a line of the snapshot stays of what was there: it is its caller's. */
  readonly keeps: (line: string) => boolean;
}

function containerOf(one: Case): CrashSubject {
  return {
    name: one.name,
    host: describeHost(one),
    options: optionsOf(one),
    prepare: (options) => provisionerOn(one, options),
    createAndRelease: async (provisioner, lifetime) => {
      const { container } = await provisioner.create({ ...requestOf(one.request, uuid()), lifetime }).result;
      await container.release();
    },
    keeps: (line) => line.startsWith('disk.scratchLayer '),
  };
}

/** It is where the host says that it is, and what runs can be worked with. */
async function defectsOfLife(container: Container, { compute }: SimulatedHost): Promise<readonly string[]> {
  const { status } = container.life;
  const found = (await lookAtSystem({ compute }, container.id)).toLowerCase();
  const isThere = found === status || (found === 'gone' && status === 'stopped');
  // It goes on meanwhile: what ends because its first process has ended is on its way.
  if (!isThere && status !== 'stopping' && container.life.status === status)
    return [`it is ${status}, and the host has it ${found}`];
  // Where it is not known whether its first process was made, nothing may run in it yet.
  if (status !== 'running' || container.life.pid === undefined) return [];
  return speak(container).then(
    () => [],
    (error: unknown) => [`it runs, and nothing can be run in it: ${String(error)}`],
  );
}

/** The container of the case through its whole life. */
function lifeOf(recorded: Case): CrashSubject {
  const one = withProcess(recorded);
  const subject = containerOf(one);
  return {
    ...subject,
    host: { ...subject.host, ...LIVELY },
    createAndRelease: async (provisioner, lifetime) => {
      const { container } = await provisioner.create({ ...requestOf(one.request, uuid()), lifetime }).result;
      await live(container);
    },
    defectsOf: defectsOfLife,
  };
}

function vmOf(one: VmCase): CrashSubject {
  return {
    name: one.name,
    host: describeVmHost(one),
    options: vmOptionsOf(one),
    prepare: async () => {},
    createAndRelease: async (provisioner, lifetime) => {
      const { vm } = await provisioner.createVm({ ...vmRequestOf(one), lifetime }).result;
      await vm.stop();
    },
    keeps: (line) => KEPT_OF_VM.test(line),
  };
}

/** @param isLife whether a container is started, and something run in it; a VM has no such life */
export function subjectOf(one: Case | VmCase, isLife = false): CrashSubject {
  if (isVmCase(one)) return vmOf(one);
  return isLife ? lifeOf(one) : containerOf(one);
}
