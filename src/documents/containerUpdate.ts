/** New limits for a container that is there. */
import type { Finding } from '../domain/finding.ts';
import type { ModifySettingRequest } from '../domain/modifyRequest.ts';

/** OCI runtime spec, windows.resources. */
export interface Limits {
  /** Bytes. */
  readonly memory?: { readonly limit?: number };
  /** One of the three: processors, ten-thousandths of their time, or a weight. */
  readonly cpu?: { readonly count?: number; readonly maximum?: number; readonly shares?: number };
}

const MIB = 1024 * 1024;

const isWhole = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most;

function memoryFindings({ memory }: Limits): readonly Finding[] {
  if (memory?.limit === undefined || isWhole(memory.limit, MIB, 2 ** 53)) return [];
  return [
    {
      code: 'out-of-range',
      pointer: '/memory/limit',
      message: `${memory.limit} is no number of bytes that a container could have`,
      hint: 'Give at least 1048576 bytes.',
    },
  ];
}

const CPU_RANGES = { count: [1, 0x7fffffff], maximum: [1, 10_000], shares: [1, 10_000] } as const;

function cpuFindings({ cpu = {} }: Limits): readonly Finding[] {
  const given = (['count', 'maximum', 'shares'] as const).filter((name) => cpu[name] !== undefined);
  const wrong = given.flatMap((name) => {
    const [least, most] = CPU_RANGES[name];
    if (isWhole(cpu[name] ?? least, least, most)) return [];
    const message = `${cpu[name]} is not between ${least} and ${most}`;
    return [{ code: 'out-of-range', pointer: `/cpu/${name}`, message, hint: 'Give a whole number in this range.' }];
  });
  if (given.length < 2) return wrong;
  const message = `${given.join(' and ')} exclude each other`;
  return [...wrong, { code: 'cpu-limits-exclusive', pointer: '/cpu', message, hint: 'Give one of them.' }];
}

/** All that is wrong with them. */
export function limitFindings(limits: Limits): readonly Finding[] {
  return [...memoryFindings(limits), ...cpuFindings(limits)];
}

/** What HCS is told (ModifySettingRequest): paths of the silo of a Windows container. */
export function updateRequests({ memory, cpu = {} }: Limits): readonly ModifySettingRequest[] {
  const { count, maximum, shares } = cpu;
  const processor = {
    ...(count === undefined ? {} : { Count: count }),
    ...(maximum === undefined ? {} : { Maximum: maximum }),
    ...(shares === undefined ? {} : { Weight: shares }),
  };
  const update = (ResourcePath: string, Settings: object | number): ModifySettingRequest => ({
    ResourcePath,
    RequestType: 'Update',
    Settings,
  });
  return [
    ...(memory?.limit === undefined ? [] : [update('Container/Memory/SizeInMB', Math.floor(memory.limit / MIB))]),
    ...(Object.keys(processor).length === 0 ? [] : [update('Container/Processor', processor)]),
  ];
}
