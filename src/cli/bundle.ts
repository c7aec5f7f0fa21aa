/** An OCI bundle as containerd writes it: a spec, and beside it the mount of its root file system. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import type { CreateRequest } from '../domain/request.ts';
import { type PodRole, podRoleOf } from '../oci/pod.ts';
import { type OciSpec, parseSpec } from '../oci/spec.ts';
import { BadInput, readJson } from './input.ts';

export interface BundleLocation {
  readonly bundle?: string | undefined;
  readonly spec?: string | undefined;
  readonly rootfs?: string | undefined;
}

/** What a bundle asks for, besides what the command line says. */
export interface Bundle {
  /** As it was read, with the layers of the root file system in it. */
  readonly spec: unknown;
  readonly parsed: OciSpec;
  /** The folder, absolute; undefined when only a spec was given. */
  readonly folder: string | undefined;
  readonly pod: PodRole | undefined;
}

const PARENTS = 'parentLayerPaths=';

const mount = z.looseObject({
  type: z.enum(['windows-layer', 'lcow-layer']),
  source: z.string().min(1),
  options: z.array(z.string()).default([]),
});

/** One mount, or a list of exactly one, as a snapshotter gives it to a shim. */
const rootfsMount = z.union([mount, z.tuple([mount]).transform(([only]) => only)]);

function parentsIn(options: readonly string[], file: string): readonly string[] {
  const option = options.find((candidate) => candidate.startsWith(PARENTS));
  if (option === undefined) return [];
  try {
    return z.array(z.string()).parse(JSON.parse(option.slice(PARENTS.length)));
  } catch {
    throw new BadInput(
      'rootfs-invalid',
      `the option ${PARENTS} in ${file} is no JSON list of folders`,
      `Write it as ${PARENTS}["C:\\\\top","C:\\\\base"].`,
    );
  }
}

/** The layer folders of a snapshotter's mount: its parents, top-most first, then the scratch. */
function layersOf(file: string): readonly string[] {
  const parsed = rootfsMount.safeParse(readJson(file, 'the root file system'));
  if (parsed.success) return [...parentsIn(parsed.data.options, file), parsed.data.source];
  throw new BadInput(
    'rootfs-invalid',
    `${file} is not the mount of a root file system`,
    'It has a type (windows-layer), a source (the scratch folder) and options (parentLayerPaths=[...]).',
  );
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the spec lists already comes first, as in containerd's shim. */
function withLayers(spec: unknown, layers: readonly string[]): unknown {
  if (layers.length === 0 || !isRecord(spec)) return spec;
  const windows = isRecord(spec.windows) ? spec.windows : {};
  const listed = Array.isArray(windows.layerFolders) ? windows.layerFolders : [];
  return { ...spec, windows: { ...windows, layerFolders: [...listed, ...layers] } };
}

function specFile({ bundle, spec }: BundleLocation): string {
  if ((bundle === undefined) === (spec === undefined)) {
    throw new BadInput(
      'spec-not-chosen',
      bundle === undefined ? 'there is neither a bundle nor a spec' : '--bundle and --spec exclude each other',
      'Give one of them: --bundle DIR (a folder with a config.json) or --spec FILE.',
    );
  }
  if (spec !== undefined) return spec;
  const config = join(bundle ?? '', 'config.json');
  if (existsSync(config)) return config;
  throw new BadInput(
    'bundle-invalid',
    `there is no config.json in ${bundle}`,
    'Point --bundle at the folder of an OCI bundle.',
  );
}

/** @throws {BadInput} for what cannot be read; what the spec says is judged by the validation. */
export function readBundle(location: BundleLocation): Bundle {
  const layers = location.rootfs === undefined ? [] : layersOf(location.rootfs);
  const spec = withLayers(readJson(specFile(location), 'the spec'), layers);
  const parsed = parseSpec(spec).spec;
  const folder = location.bundle === undefined ? undefined : resolve(location.bundle);
  return { spec, parsed, folder, pod: podRoleOf(parsed) };
}

export interface RequestOptions {
  readonly id?: string | undefined;
  readonly owner?: string | undefined;
  readonly netns?: string | undefined;
  readonly keepOnFailure?: boolean | undefined;
  /** `windows` and `linux`: one that is made for the container; else the id of one that is there. */
  readonly vm?: string | undefined;
  readonly scaleCpuLimits?: boolean | undefined;
  /** Default: `host`. The command ends before its container does, unless it runs it itself. */
  readonly lifetime?: CreateRequest['lifetime'];
  /** Its first process gets a terminal of this size, whatever the spec says. */
  readonly terminal?: { readonly rows: number; readonly columns: number } | undefined;
}

/** The namespace that the command line names, else the one that the bundle does. */
function namespaceOf({ netns }: RequestOptions, { parsed }: Bundle): string | undefined {
  const inSpec = parsed.windows?.network?.networkNamespace ?? '';
  return netns ?? (inSpec === '' ? undefined : inSpec);
}

function withTerminal(spec: unknown, terminal: RequestOptions['terminal']): unknown {
  if (terminal === undefined || !isRecord(spec)) return spec;
  const process = isRecord(spec.process) ? spec.process : {};
  const consoleSize = { height: terminal.rows, width: terminal.columns };
  return { ...spec, process: { ...process, terminal: true, consoleSize } };
}

/** What is asked of the provisioner. */
export function requestOf(options: RequestOptions, bundle: Bundle): CreateRequest {
  return {
    id: options.id ?? bundle.folder?.split(/[\\/]/).at(-1),
    owner: options.owner,
    spec: withTerminal(bundle.spec, options.terminal),
    networkNamespace: namespaceOf(options, bundle),
    keepOnFailure: options.keepOnFailure,
    vm: options.vm,
    scaleCpuLimitsToVm: options.scaleCpuLimits,
    bundle: bundle.folder,
    checkLayers: true,
    lifetime: options.lifetime ?? 'host',
  };
}
