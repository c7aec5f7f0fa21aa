/** The VM that a command makes for its container alone. */
import { v4 as uuid } from 'uuid';
import type { CreateVmRequest } from '../../domain/vmRequest.ts';
import type { CreateOptions, Provisioner } from '../../engine/contract.ts';
import type { UtilityVm } from '../../engine/vmProvision.ts';
import type { HostDescription } from '../../hcs/simulated/state.ts';
import type { RunSummary } from '../../journal/runSummary.ts';
import type { OciSpec } from '../../oci/spec.ts';
import { type Bundle, isRecord, type RequestOptions, requestOf } from '../bundle.ts';
import { assumedBy } from '../hostDescription.ts';
import type { Subject } from '../hosts.ts';
import { BadInput } from '../input.ts';
import { assumedByVm } from './request.ts';
import { refuseTakenVm } from './runs.ts';

const guestOf = ({ linux }: OciSpec): 'windows' | 'linux' => (linux === undefined ? 'windows' : 'linux');

/** The command line asks for the VM; the spec need not. */
function isolated({ spec, parsed }: Bundle): unknown {
  if (guestOf(parsed) === 'linux' || parsed.windows?.hyperv !== undefined || !isRecord(spec)) return spec;
  return { ...spec, windows: { ...(isRecord(spec.windows) ? spec.windows : {}), hyperv: {} } };
}

/**
 * What is asked for with `--vm windows` and `--vm linux`; undefined without them.
 * @throws {BadInput} when the spec is of the other guest
 */
export function ownVmOf(options: RequestOptions, bundle: Bundle): CreateVmRequest | undefined {
  const { vm, owner } = options;
  if (vm !== 'windows' && vm !== 'linux') return undefined;
  const guest = guestOf(bundle.parsed);
  if (guest !== vm) {
    throw new BadInput(
      'vm-guest-mismatch',
      `the spec is of a ${guest} container, which a VM with a ${vm} guest cannot run`,
      `Say --vm ${guest}.`,
    );
  }
  const id = `${requestOf(options, bundle).id ?? uuid()}-vm`;
  return { podSpec: isolated(bundle), id, owner, bundle: bundle.folder, lifetime: options.lifetime ?? 'host' };
}

function both(one: HostDescription, other: HostDescription): HostDescription {
  return { ...one, ...other, files: [...(one.files ?? []), ...(other.files ?? [])] };
}

/** What a simulated host without facts has to have. */
export function subjectOf(options: RequestOptions, bundle: Bundle, own: CreateVmRequest | undefined): Subject {
  const assumed = assumedBy(bundle.parsed);
  const namespace = requestOf(options, bundle).networkNamespace;
  return { assumed: own === undefined ? assumed : both(assumed, assumedByVm(own)), namespace };
}

/** Makes the VM. @throws {Refusal} {@link ProvisionFault} */
export async function makeOwnVm(
  provisioner: Provisioner,
  own: CreateVmRequest,
  runs: readonly RunSummary[],
  options?: CreateOptions,
): Promise<UtilityVm> {
  refuseTakenVm(runs, own.id);
  return (await provisioner.createVm(own, options).result).vm;
}
