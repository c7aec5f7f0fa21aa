import type { Allocated, PreparedInput } from '../machines/createContainer/contract.ts';
import { isNamedPipe } from '../oci/mounts.ts';
import { specOf } from './input.ts';
import type { Run } from './run.ts';

/** Follows each mount source to where it really lies: HCS takes files behind links at their word. */
export async function resolveMounts(run: Run, input: PreparedInput): Promise<Allocated> {
  const mountSources: Array<string | null> = [];
  for (const { source } of specOf(input).mounts ?? []) {
    if (source === undefined || isNamedPipe(source)) {
      mountSources.push(null);
      continue;
    }
    mountSources.push(await run.step('resolvingMounts', 'files.resolve', source, () => run.host.files.resolve(source)));
  }
  return { mountSources };
}
