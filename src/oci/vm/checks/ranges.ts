import type { Finding } from '../../../domain/finding.ts';
import type { VmCheckInput, VmOptionName } from './input.ts';

const INT32_MAX = 2 ** 31 - 1;

interface Range {
  readonly least: number;
  readonly most: number;
}

const anything: Range = { least: 0, most: Number.MAX_SAFE_INTEGER };
const int32: Range = { least: 0, most: INT32_MAX };

/** What the fields of the document can hold; a VM without memory or processors is none. */
const RANGES: Readonly<Partial<Record<VmOptionName, Range>>> = {
  memorySizeInMb: { ...anything, least: 1 },
  lowMmioGapInMb: anything,
  highMmioBaseInMb: anything,
  highMmioGapInMb: anything,
  processorCount: { ...int32, least: 1 },
  processorLimit: int32,
  processorWeight: int32,
  storageIops: int32,
  storageBandwidth: int32,
  scsiControllerCount: anything,
  vpmemDeviceCount: anything,
  vpmemSizeBytes: anything,
};

/** Numbers that the document cannot say, and what is no whole number at all. */
export function rangeFindings({ options, at }: VmCheckInput): readonly Finding[] {
  const values: Readonly<Partial<Record<VmOptionName, unknown>>> = options;
  return (Object.entries(RANGES) as ReadonlyArray<[VmOptionName, Range]>)
    .filter(([name]) => name in values)
    .filter(([name, { least, most }]) => {
      const value = values[name];
      return !(typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most);
    })
    .map(([name, { least, most }]) => ({
      code: 'out-of-range',
      pointer: at(name),
      message: `${name} is ${String(values[name])}, which is not a whole number from ${least} to ${most}`,
      hint: 'Give a number in this range, or leave it out for the default.',
    }));
}
