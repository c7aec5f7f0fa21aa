import * as z from 'zod';
import { CONSOLE_SIGNALS } from '../domain/process.ts';
import type { HostDescription } from '../hcs/simulated/state.ts';
import { layerDisk, parentLayers, scratchDisk, scratchFolder } from '../oci/layers.ts';
import { isNamedPipe } from '../oci/mounts.ts';
import { deviceExtensionPaths } from '../oci/resources.ts';
import type { OciSpec } from '../oci/spec.ts';
import { BadInput, readJson } from './input.ts';

const reaction = z.strictObject({
  exitCode: z.int().optional(),
  afterMs: z.number().min(0).optional(),
  stdout: z.string().optional(),
  stderr: z.string().optional(),
});

const processRule = z.strictObject({
  match: z.string(),
  system: z.string().optional(),
  exitCode: z.int().optional(),
  stdout: z.string().optional(),
  stderr: z.string().optional(),
  afterMs: z.number().min(0).optional(),
  forever: z.boolean().optional(),
  echo: z.boolean().optional(),
  crash: z.boolean().optional(),
  missing: z.boolean().optional(),
  ignores: z.array(z.union([z.enum(CONSOLE_SIGNALS), z.int()])).optional(),
  on: z.record(z.string(), reaction).optional(),
});

const description = z.strictObject({
  facts: z.strictObject({ build: z.int().optional(), processorCount: z.int().min(1).optional() }).optional(),
  files: z
    .array(
      z.strictObject({
        path: z.string(),
        dir: z.boolean().optional(),
        size: z.number().optional(),
        content: z.string().optional(),
        bytes: z.base64().optional(),
      }),
    )
    .optional(),
  endpoints: z.union([z.array(z.string()), z.record(z.string(), z.looseObject({ ID: z.string() }))]).optional(),
  exec: z
    .array(
      z.strictObject({
        match: z.string(),
        exitCode: z.int().optional(),
        stdout: z.string().optional(),
        stderr: z.string().optional(),
      }),
    )
    .optional(),
  processes: z.array(processRule).optional(),
  refuseShutdown: z.array(z.string()).optional(),
  namespaces: z.array(z.strictObject({ id: z.string(), endpoints: z.array(z.string()).optional() })).optional(),
  volumes: z.array(z.string()).optional(),
  resolvePath: z.record(z.string(), z.string()).optional(),
  layerMountPath: z.string().optional(),
});

/** What the simulated host is like: files, endpoints, namespaces, build, processors, answers of guests. @throws {BadInput} */
export function readFacts(file: string): HostDescription {
  const parsed = description.safeParse(readJson(file, 'the facts'));
  if (parsed.success) return JSON.parse(JSON.stringify(parsed.data)) as HostDescription;
  const issues = parsed.error.issues.map((issue) => `/${issue.path.join('/')}: ${issue.message}`);
  throw new BadInput(
    'facts-invalid',
    `the facts ${file} do not describe a host:\n  ${issues.join('\n  ')}`,
    'A facts file has facts {build, processorCount}, files [{path, dir, content}], endpoints, namespaces, volumes, exec, processes.',
  );
}

/** Bytes of a disk whose content nobody looks at. */
const SOME_SIZE = 4096;

/** A Linux container has disks in the folders of its layers, and a scratch that somebody has formatted. */
function linuxDisks(spec: OciSpec): NonNullable<HostDescription['files']> {
  if (spec.linux === undefined) return [];
  const scratch = scratchFolder(spec);
  const disks = [...parentLayers(spec).map(layerDisk), ...(scratch === undefined ? [] : [scratchDisk(scratch)])];
  return disks.map((path) => ({ path, size: SOME_SIZE }));
}

/** A host that has what the spec points at: layers, mount sources, device extensions, the volume of the root. */
export function assumedBy(spec: OciSpec): HostDescription {
  const sources = (spec.mounts ?? []).flatMap(({ source = '' }) =>
    source === '' || isNamedPipe(source) ? [] : source,
  );
  const volume = spec.root?.path ?? '';
  return {
    files: [
      ...[...parentLayers(spec), ...sources].map((path) => ({ path, dir: true })),
      ...linuxDisks(spec),
      ...deviceExtensionPaths(spec).map((path) => ({ path, content: '{}' })),
    ],
    volumes: volume === '' ? [] : [volume],
  };
}
