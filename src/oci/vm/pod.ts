import type { Finding } from '../../domain/finding.ts';
import type { UtilityVmOptions } from '../../domain/utilityVm.ts';
import type { ShimOptions } from '../../domain/vmRequest.ts';
import { annotation, unparsableAnnotations, unsignedAnnotation } from '../annotations.ts';
import type { OciSpec } from '../spec.ts';
import type { Validation } from '../validate.ts';
import { VM_ANNOTATION } from './annotationNames.ts';
import type { VmOptionName } from './checks/input.ts';
import type { VmContext } from './options.ts';
import { type PodAnnotations, podAnnotations } from './podAnnotations.ts';
import { type PodIdentity, podVmOptions } from './podOptions.ts';
import { podPointer } from './podPointers.ts';
import { expectedAnnotations } from './podTable.ts';

/** A pod that is to run in a VM of its own. */
export interface PodVmRequest extends Partial<PodIdentity> {
  /** The spec of the pod's first container. It is never written to. */
  readonly spec: OciSpec;
  readonly shimOptions?: ShimOptions;
}

/** The VM of a pod. `findings` and `warnings` are about the pod; `validateVm` judges the options. */
export interface PodVm extends Validation {
  /** Undefined when the pod asks for no VM. */
  readonly options: UtilityVmOptions | undefined;
  /** Where in the request an option was given: for `validateVm`. */
  readonly at: (option: VmOptionName) => string;
}

const NOT_ISOLATED: Finding = {
  code: 'not-isolated',
  pointer: '/spec/windows/hyperv',
  message: 'the pod asks for no VM: it has neither a linux section nor windows.hyperv',
  hint: 'Add windows.hyperv for Hyper-V isolation, or create the container without a VM.',
};

function rootTypeWarnings({ spec, at }: PodAnnotations): readonly Finding[] {
  const type = annotation(spec, VM_ANNOTATION.rootType);
  if (spec.linux === undefined || type === undefined || type === 'initrd' || type === 'vhd') return [];
  return [
    {
      code: 'annotation-unparsable',
      pointer: at(VM_ANNOTATION.rootType),
      message: `the annotation ${VM_ANNOTATION.rootType} is '${type}', which is no type of a root file system`,
      hint: "Write 'initrd' or 'vhd'.",
    },
  ];
}

function imagePathWarnings(spec: OciSpec): readonly Finding[] {
  if ((spec.windows?.hyperv?.utilityVMPath ?? '') === '') return [];
  return [
    {
      code: 'utility-vm-path-ignored',
      pointer: '/spec/windows/hyperv/utilityVMPath',
      message: 'windows.hyperv.utilityVMPath is not looked at: the VM boots from the top-most layer that can',
      hint: 'Leave it out, and list the layer with the UtilityVM folder in windows.layerFolders.',
    },
  ];
}

/** The spec counts ten-thousandths where a VM counts hundred-thousandths, and the number is handed on as it is. */
function limitWarnings({ spec }: PodAnnotations): readonly Finding[] {
  const maximum = spec.windows?.resources?.cpu?.maximum ?? 0;
  const annotated = unsignedAnnotation(spec, VM_ANNOTATION.processorLimit);
  if (maximum === 0 || (typeof annotated === 'object' && annotated.value !== 0)) return [];
  return [
    {
      code: 'processor-limit-unit',
      pointer: '/spec/windows/resources/cpu/maximum',
      message: `the limit ${maximum} is ${maximum / 1000} % of each processor of the VM, not ${maximum / 100} %`,
      hint: `Set ${VM_ANNOTATION.processorLimit}, which counts hundred-thousandths.`,
    },
  ];
}

function podWarnings(annotations: PodAnnotations): readonly Finding[] {
  return [...rootTypeWarnings(annotations), ...imagePathWarnings(annotations.spec), ...limitWarnings(annotations)];
}

/** The options of the VM that a pod asks for, with its annotations, the shim's options and the defaults taken together. */
export function podVm(
  { spec, id = '', owner = '', bundle = '', shimOptions }: PodVmRequest,
  context: VmContext,
): PodVm {
  const annotations = podAnnotations(spec, shimOptions);
  const options = podVmOptions(annotations.spec, { id, owner, bundle }, context);
  const expected = options === undefined ? [] : expectedAnnotations(options.guest);
  return {
    options,
    at: (option) => podPointer(annotations, option),
    findings: [...(options === undefined ? [NOT_ISOLATED] : []), ...annotations.findings],
    warnings: [
      ...unparsableAnnotations(annotations.spec, expected, annotations.at),
      ...(options === undefined ? [] : podWarnings(annotations)),
    ],
  };
}
