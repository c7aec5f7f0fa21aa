import type { Finding } from '../domain/finding.ts';
import type { CreateRequest } from '../domain/request.ts';
import { unparsableAnnotations } from './annotations.ts';
import { containerFindings } from './checks/container.ts';
import { deviceFindings } from './checks/devices.ts';
import type { ValidationInput } from './checks/input.ts';
import { mountFindings } from './checks/mounts.ts';
import { requestFindings, requestWarnings } from './checks/request.ts';
import { resourceFindings, resourceWarnings } from './checks/resources.ts';
import { parentLayers } from './layers.ts';
import { isNamedPipe } from './mounts.ts';
import { deviceExtensionPaths } from './resources.ts';
import type { OciSpec } from './spec.ts';

export interface Validation {
  /** What has to be mended before anything can be done. */
  readonly findings: readonly Finding[];
  /** What the create does differently from what was probably meant. */
  readonly warnings: readonly Finding[];
}

/** The host paths that the validation wants to know about: to look at, and to read. */
export function evidenceNeeded(
  spec: OciSpec,
  { checkLayers = false }: Pick<CreateRequest, 'checkLayers'> = {},
): { paths: readonly string[]; contents: readonly string[] } {
  const layers = checkLayers ? parentLayers(spec) : [];
  const sources = (spec.mounts ?? []).flatMap(({ source }) => source ?? []);
  const extensions = deviceExtensionPaths(spec).filter((path) => path !== '');
  const paths = sources.filter((source) => source !== '' && !isNamedPipe(source));
  return { paths: [...paths, ...extensions, ...layers], contents: extensions };
}

/** All that is wrong with a request, at once, and all that is remarkable. Reads nothing but its input. */
export function validateRequest(input: ValidationInput): Validation {
  return {
    findings: [
      ...requestFindings(input),
      ...containerFindings(input),
      ...resourceFindings(input),
      ...mountFindings(input),
      ...deviceFindings(input),
    ],
    warnings: [...unparsableAnnotations(input.spec), ...requestWarnings(input), ...resourceWarnings(input)],
  };
}

/** Whether the finding is about something that one of `malformed` has taken out of the spec already. */
export function isFollowUp(finding: Finding, malformed: readonly Finding[]): boolean {
  return malformed.some(({ pointer }) => finding.pointer === pointer || finding.pointer.startsWith(`${pointer}/`));
}
