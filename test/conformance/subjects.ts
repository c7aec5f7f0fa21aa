/** What a process does in which it can die: the create and the release of a recorded case, of either kind. */
import { v4 as uuid } from 'uuid';
import type { Provisioner, ProvisionerOptions, VmStore } from '../../src/index.ts';
import type { SimulatedHost, SimulatedHostOptions } from '../../src/testing/index.ts';
import type { Case } from './case.ts';
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

export function subjectOf(one: Case | VmCase): CrashSubject {
  return isVmCase(one) ? vmOf(one) : containerOf(one);
}
