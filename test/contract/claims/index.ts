import type { Claim } from '../claim.ts';
import { COMPUTE } from './compute.ts';
import { CREDENTIALS } from './credentials.ts';
import { EXECS } from './execs.ts';
import { FILES } from './files.ts';
import { GUEST } from './guest.ts';
import { HOST, PROCESSES, SERVICE } from './host.ts';
import { LAYERS } from './layers.ts';
import { LIFE } from './life.ts';
import { NETWORK } from './network.ts';
import { VM_ACCESS } from './vmAccess.ts';

/** All that is claimed of every host. */
export const CLAIMS: readonly Claim[] = [
  ...HOST,
  ...COMPUTE,
  ...LIFE,
  ...EXECS,
  ...NETWORK,
  ...LAYERS,
  ...CREDENTIALS,
  ...GUEST,
  ...VM_ACCESS,
  ...FILES,
  ...SERVICE,
  ...PROCESSES,
];
