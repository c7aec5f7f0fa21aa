/** What a document says about the processes of its system. */
import type { Guest } from '../../vm/guestPaths.ts';
import { fieldsOf, textsOf } from './fields.ts';
import type { HostState } from './state.ts';
import type { SimulatedSystem } from './systemState.ts';

function osOf(state: HostState, { vm, hosted }: Pick<SimulatedSystem, 'vm' | 'hosted'>): Guest {
  if (vm !== undefined) return vm.guest;
  const host = hosted === undefined ? undefined : state.systems.get(hosted.vm);
  return host?.os ?? 'windows';
}

function initOf(document: object): SimulatedSystem['init'] {
  const { OciSpecification } = fieldsOf(fieldsOf(fieldsOf(document).HostedSystem));
  if (OciSpecification === undefined) return undefined;
  const { args, terminal } = fieldsOf(fieldsOf(OciSpecification).process);
  return { commandLine: textsOf(args).join(' '), isTerminal: terminal === true };
}

/** Containers of schema 1 that are isolated by Hyper-V have a VM of their own, which HCS makes. */
export function runsOn(
  state: HostState,
  document: object,
  kind: Pick<SimulatedSystem, 'vm' | 'hosted'>,
): Pick<SimulatedSystem, 'os' | 'canPause' | 'init'> {
  const init = initOf(document);
  const canPause = kind.vm !== undefined || fieldsOf(document).HvPartition === true;
  return { os: osOf(state, kind), canPause, ...(init === undefined ? {} : { init }) };
}
