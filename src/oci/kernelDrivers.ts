import { ANNOTATION, annotation, listAnnotation } from './annotations.ts';
import type { OciSpec } from './spec.ts';
import { VM_ANNOTATION } from './vm/annotationNames.ts';

/** Host paths of drivers for the kernel of the VM: folders for a Windows guest, disks for a Linux guest. */
export function kernelDriverPaths(spec: OciSpec): readonly string[] {
  return listAnnotation(spec, ANNOTATION.kernelDrivers);
}

/** The disk with the drivers for the GPUs of a Linux guest; '' when none is named. */
export function gpuDriverDisk(spec: OciSpec): string {
  return annotation(spec, VM_ANNOTATION.gpuVhdPath) ?? '';
}
