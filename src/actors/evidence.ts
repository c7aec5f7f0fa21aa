import type { HostEvidence } from '../domain/host.ts';
import type { StepName } from '../domain/step.ts';
import type { Run } from './run.ts';

/** Looks at each path once. */
export async function lookAt(run: Run, step: StepName, paths: readonly string[]): Promise<HostEvidence['paths']> {
  const found: Record<string, 'file' | 'directory' | 'missing'> = {};
  for (const path of new Set(paths)) {
    found[path] = await run.step(step, 'files.stat', path, () => run.host.files.stat(path));
  }
  return found;
}
