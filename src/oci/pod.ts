import { ANNOTATION, annotation } from './annotations.ts';
import type { OciSpec } from './spec.ts';

/** The place of a container in a Kubernetes pod, as containerd's CRI plugin writes it into the annotations. */
export interface PodRole {
  /** The sandbox is the first container of its pod; it lends its network to the workloads. */
  readonly role: 'sandbox' | 'workload';
  readonly sandboxId: string;
}

/** undefined for a container that stands alone, and where the annotations contradict each other. */
export function podRoleOf(spec: OciSpec): PodRole | undefined {
  const type = annotation(spec, ANNOTATION.containerType);
  const sandboxId = annotation(spec, ANNOTATION.sandboxId) ?? '';
  if (sandboxId === '' || (type !== 'sandbox' && type !== 'container')) return undefined;
  return { role: type === 'sandbox' ? 'sandbox' : 'workload', sandboxId };
}
