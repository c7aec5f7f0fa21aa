import * as z from 'zod';
import { type Finding, pointer } from '../domain/finding.ts';

/** null counts as absent, as in the JSON of every OCI tool. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === null ? undefined : value), schema.optional());

const unsigned = (bits: 16 | 64) =>
  optional(
    z
      .number()
      .min(0)
      .max(bits === 16 ? 0xffff : 2 ** 64)
      .refine(Number.isInteger, 'expected a whole number'),
  );

const text = optional(z.string());
const flag = optional(z.boolean());
const texts = optional(z.array(z.string()));

const mount = z.looseObject({ source: text, destination: text, type: text, options: texts });

const device = z.looseObject({ id: text, idType: text });

const resources = z.looseObject({
  memory: optional(z.looseObject({ limit: unsigned(64) })),
  cpu: optional(z.looseObject({ count: unsigned(64), shares: unsigned(16), maximum: unsigned(16) })),
  storage: optional(z.looseObject({ iops: unsigned(64), bps: unsigned(64), sandboxSize: unsigned(64) })),
});

const network = z.looseObject({
  endpointList: texts,
  allowUnqualifiedDNSQuery: flag,
  DNSSearchList: texts,
  networkSharedContainerName: text,
  networkNamespace: text,
});

const windows = z.looseObject({
  layerFolders: texts,
  devices: optional(z.array(device)),
  resources: optional(resources),
  credentialSpec: z.unknown().optional(),
  servicing: flag,
  ignoreFlushesDuringBoot: flag,
  hyperv: optional(z.looseObject({ utilityVMPath: text })),
  network: optional(network),
});

const schema = z.looseObject({
  ociVersion: text,
  hostname: text,
  root: optional(z.looseObject({ path: text, readonly: flag })),
  mounts: optional(z.array(mount)),
  annotations: optional(z.record(z.string(), z.string())),
  windows: optional(windows),
  linux: optional(z.looseObject({})),
  process: optional(z.looseObject({})),
});

/** The parts of the OCI runtime spec (config.md, config-windows.md) that a create reads; the others are kept. */
export type OciSpec = z.infer<typeof schema>;

type Path = ReadonlyArray<string | number>;

const TOO_LARGE_OR_SMALL = new Set(['too_big', 'too_small']);

function findingOf(issue: z.core.$ZodIssue, path: Path): Finding {
  const outOfRange = TOO_LARGE_OR_SMALL.has(issue.code);
  const where = path.length === 0 ? 'the spec' : path.join('.');
  return {
    code: outOfRange ? 'out-of-range' : 'spec-invalid-type',
    pointer: pointer('spec', ...path),
    message: `${where}: ${issue.message.replace(/^./, (first) => first.toLowerCase())}`,
    hint: outOfRange
      ? 'Give a number that the field can hold (OCI runtime spec, config-windows.md).'
      : 'Give the type that the OCI runtime spec (config.md, config-windows.md) says.',
  };
}

function isContainer(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null;
}

/** A copy of `value` without what lies at `path`; a hole in an array becomes an empty object, so that indices stay. */
function without(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined || !isContainer(value)) return undefined;
  if (Array.isArray(value)) {
    const element = rest.length === 0 ? replacementIn(value) : without(value[Number(key)], rest);
    return value.map((existing: unknown, index) => (index === Number(key) ? element : existing));
  }
  const { [key]: child, ...others } = value;
  return rest.length === 0 ? others : { ...others, [key]: without(child, rest) };
}

function replacementIn(array: readonly unknown[]): unknown {
  return array.some((element) => typeof element === 'string') ? '' : {};
}

export interface ParsedSpec {
  /** The spec without the values that the findings are about. */
  readonly spec: OciSpec;
  readonly findings: readonly Finding[];
}

/**
 * Reads a spec. Every value of the wrong type or size is a finding and is left out of the result, so that the rest can
 * still be looked at. Neither throws nor writes to `raw`.
 */
export function parseSpec(raw: unknown): ParsedSpec {
  if (raw === undefined || raw === null) {
    return {
      spec: {},
      findings: [
        {
          code: 'spec-missing',
          pointer: '/spec',
          message: 'there is no OCI spec in the request',
          hint: 'Pass the parsed config.json of the bundle as spec.',
        },
      ],
    };
  }
  return parseLeavingOut(raw, []);
}

function parseLeavingOut(raw: unknown, found: readonly Finding[]): ParsedSpec {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { spec: parsed.data, findings: found };
  const [issue] = parsed.error.issues;
  if (issue === undefined) return { spec: {}, findings: found };
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  const finding = findingOf(issue, path);
  // A value that is still there after it was left out would be found for ever.
  if (found.some(({ pointer: known }) => known === finding.pointer)) return { spec: {}, findings: found };
  return parseLeavingOut(path.length === 0 ? {} : without(raw, path), [...found, finding]);
}
