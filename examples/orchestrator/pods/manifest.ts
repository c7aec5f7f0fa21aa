/** What a client may ask for. What is in the spec is Slipway's to judge. */
import type { Finding } from 'slipway';
import * as z from 'zod';
import { type PodId, type PodManifest, RESTART_POLICIES } from './pod.ts';

/** It names a file, a compute system and a part of a URL. */
const POD_ID = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const schema = z.strictObject({
  id: z
    .string()
    .regex(POD_ID, 'up to 63 small letters, digits and hyphens, neither first nor last a hyphen')
    .transform((id) => id as PodId),
  restart: z.enum(RESTART_POLICIES).default('always'),
  spec: z.record(z.string(), z.unknown()),
  schemaVersion: z.strictObject({ major: z.int(), minor: z.int() }).optional(),
  networkNamespace: z.string().optional(),
});

export type ParsedManifest = { readonly manifest: PodManifest } | { readonly findings: readonly Finding[] };

const escaped = (part: PropertyKey): string => String(part).replaceAll('~', '~0').replaceAll('/', '~1');

function findingAt(path: readonly PropertyKey[], message: string): Finding {
  return {
    code: 'manifest-invalid',
    pointer: path.map((part) => `/${escaped(part)}`).join(''),
    message: `${path.join('.') || 'the manifest'}: ${message}`,
    hint: 'A pod has an id, a restart policy, and a spec (OCI runtime spec).',
  };
}

function findingsOf(issue: z.core.$ZodIssue): readonly Finding[] {
  if (issue.code !== 'unrecognized_keys') return [findingAt(issue.path, issue.message)];
  return issue.keys.map((key) => findingAt([...issue.path, key], 'there is no such field'));
}

export function parseManifest(json: unknown): ParsedManifest {
  const { data, error } = schema.safeParse(json);
  if (error !== undefined) return { findings: error.issues.flatMap(findingsOf) };
  const { id, restart, ...request } = data;
  return { manifest: { id, restart, request } };
}

/** The id in a URL; undefined where it can be that of no pod. */
export function podIdOf(text: string): PodId | undefined {
  return POD_ID.test(text) ? (text as PodId) : undefined;
}
