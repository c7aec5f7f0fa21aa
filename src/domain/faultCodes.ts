/** What a fault can be called, and what each name means to whoever asked for the run. */
import type { Phase } from './step.ts';

export interface FaultMeaning {
  /** When it is raised. */
  readonly when: string;
  /** What to do. */
  readonly remedy: string;
  /** Where it comes from; `any`: from whatever calls the host. */
  readonly steps: readonly Phase[] | 'any';
  /** Whether the same request may work when it is tried again; `depends`: `fault.transient` says so of the one at hand. */
  readonly transient: 'yes' | 'no' | 'depends';
}

const IN_VM = [
  'installingDrivers',
  'networking',
  'creatingScratch',
  'mountingLayers',
  'resolvingMounts',
  'creatingCredentials',
  'assigningDevices',
  'reinstallingDrivers',
  'creatingComputeSystem',
] as const satisfies readonly Phase[];

/** The meaning of every code of a {@link Fault}. */
export const FAULT_CODES = {
  'invalid-request': {
    when: 'the request has findings: all of them are in `findings`, each with a JSON pointer; nothing was touched',
    remedy: 'mend what they point at',
    steps: ['validating', 'executing'],
    transient: 'no',
  },
  'container-id-taken': {
    when: 'a compute system has this id and is not ours; it is not touched',
    remedy: 'use another id, or end that one',
    steps: ['creatingComputeSystem', 'creating'],
    transient: 'no',
  },
  'scratch-in-use': {
    when: 'the scratch is mounted already, by somebody else',
    remedy: 'give each container a scratch of its own',
    steps: ['mountingLayers'],
    transient: 'no',
  },
  'credential-guard-taken': {
    when: 'there is a credential guard instance of this id, and it is not ours',
    remedy: 'use another id',
    steps: ['creatingCredentials'],
    transient: 'no',
  },
  'credential-guard-lost': {
    when: 'the host made an instance and does not list it',
    remedy: 'look at the event log of the credential guard',
    steps: ['creatingCredentials'],
    transient: 'no',
  },
  'layer-mount-path-empty': {
    when: 'the scratch is mounted, and the host names no volume for it',
    remedy: 'look at the disk',
    steps: ['mountingLayers'],
    transient: 'no',
  },
  'endpoint-not-found': {
    when: 'an endpoint of the spec does not exist',
    remedy: 'make it first',
    steps: ['networking'],
    transient: 'no',
  },
  'endpoint-in-use': {
    when: 'an endpoint is in another namespace',
    remedy: 'detach it there',
    steps: ['networking'],
    transient: 'no',
  },
  'namespace-not-found': {
    when: 'the namespace that a container in a VM is to join does not exist',
    remedy: 'give the id of one that is there, or none to have one made',
    steps: ['networking'],
    transient: 'no',
  },
  'vm-gone': {
    when: 'the VM has ended while a container was being created in it',
    remedy: 'make another VM, and create the container in that one',
    steps: IN_VM,
    transient: 'no',
  },
  'no-free-slot': {
    when: 'the VM has no place for one more disk or layer, or the layer is larger than a place',
    remedy: 'release containers in this VM, or make one with more room',
    steps: IN_VM,
    transient: 'no',
  },
  'vm-attachment-conflict': {
    when: 'it is in the VM already for another container, in another way; the message says which container and in what they differ',
    remedy: 'ask for it in the same way in all containers, or release the other one first',
    steps: IN_VM,
    transient: 'no',
  },
  'vm-attachment-refused': {
    when: 'the VM does not take such a thing: its guest does not know it, it denies writable shares, or the namespace is not in it',
    remedy: 'change the request, or the options of the VM',
    steps: IN_VM,
    transient: 'no',
  },
  'driver-install-failed': {
    when: 'the guest did not install a driver; the message has what it said',
    remedy: 'look at what the guest says, and at the driver',
    steps: ['installingDrivers', 'reinstallingDrivers'],
    transient: 'no',
  },
  'device-util-failed': {
    when: 'the tool that lists the devices of a Windows guest failed there',
    remedy: 'look at what the guest says; is device-util.exe of this build?',
    steps: ['assigningDevices'],
    transient: 'no',
  },
  'device-without-path': {
    when: 'a device is assigned, and the guest knows no location path for it',
    remedy: 'look for its driver in the guest',
    steps: ['assigningDevices'],
    transient: 'no',
  },
  'sandbox-directory-failed': {
    when: 'the Windows guest could not make the folder of a `sandbox://` mount',
    remedy: 'look at what the guest says',
    steps: ['resolvingMounts'],
    transient: 'no',
  },
  'document-refused': {
    when: 'HCS found the document invalid; the path at fault is in the message',
    remedy: 'compare with the schema of this build',
    steps: 'any',
    transient: 'no',
  },
  'access-denied': {
    when: 'the caller may not do that',
    remedy: 'run as an administrator',
    steps: 'any',
    transient: 'no',
  },
  'host-call-failed': {
    when: 'any other answer of the host: `fault.host` has the call, the code, its name and its meaning',
    remedy: 'see the hint',
    steps: 'any',
    transient: 'depends',
  },
  'service-disconnected': {
    when: 'the Host Compute Service went away in the middle, or was not there; a create is rolled back when it is back',
    remedy: 'see whether the service vmcompute runs, and ask again',
    steps: 'any',
    transient: 'yes',
  },
  'deadline-exceeded': {
    when: 'a step took too long, and its outcome is unknown',
    remedy: 'look at the host; the run goes on by itself when the call answers',
    steps: 'any',
    transient: 'yes',
  },
  'outcome-unknown': {
    when: 'on a ledger entry: the call has not answered',
    remedy: 'wait, or waive it',
    steps: 'any',
    transient: 'yes',
  },
  cancelled: {
    when: 'somebody cancelled',
    remedy: 'create it again when the reason is gone',
    steps: 'any',
    transient: 'no',
  },
  stopped: {
    when: 'inside a run that was cancelled: a call that was not begun any more',
    remedy: 'nothing',
    steps: 'any',
    transient: 'no',
  },
  interrupted: {
    when: 'the process that ran the create ended before the create did; another one has taken it up',
    remedy: 'create it again',
    steps: ['initializing'],
    transient: 'yes',
  },
  'internal-error': {
    when: 'a defect of ours',
    remedy: 'please report it',
    steps: 'any',
    transient: 'no',
  },
  'journal-unwritable': {
    when: 'the journal took no line (no room, no rights, no folder); what it does not know of is not acquired',
    remedy: 'make it writable: the hint says how',
    steps: 'any',
    transient: 'yes',
  },
  'container-stopped': {
    when: 'the container ended in the middle of what was asked of it',
    remedy: 'see how it ended: `wait()`',
    steps: ['executing', 'running'],
    transient: 'no',
  },
  'container-moved-on': {
    when: 'the container does not stand where what was asked of it could be done',
    remedy: 'see where it stands: `life`',
    steps: ['running'],
    transient: 'yes',
  },
  'signal-unknown': {
    when: 'there is no such signal for a container of that kind',
    remedy: 'send one of those that the hint names',
    steps: ['running'],
    transient: 'no',
  },
  'no-terminal': {
    when: 'a process without a terminal was to be resized',
    remedy: 'run it with `tty: true`',
    steps: ['running'],
    transient: 'no',
  },
} as const satisfies Record<string, FaultMeaning>;

/** What Slipway calls a fault. */
export type FaultCode = keyof typeof FAULT_CODES;
