import { type Finding, pointer } from '../../domain/finding.ts';
import { STEPS } from '../../domain/step.ts';
import { schemaOffered } from '../settings.ts';
import type { ValidationInput } from './input.ts';

const GUID = /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i;

export function isGuid(value: string): boolean {
  return GUID.test(value);
}

/** Whether it can name a compute system. */
export function isUsableId(id: unknown): boolean {
  return typeof id === 'string' && id.trim() !== '' && !/[\\/\0]/.test(id);
}

function idFindings({ request: { id } }: ValidationInput): Finding[] {
  if (id === undefined || id === '' || isUsableId(id)) return [];
  return [
    {
      code: 'id-invalid',
      pointer: '/id',
      message: `the container id ${JSON.stringify(id)} cannot name a compute system`,
      hint: 'Use letters, digits, dots, dashes and underscores; no slashes, and not only blanks.',
    },
  ];
}

function namespaceFindings({ request: { networkNamespace } }: ValidationInput): Finding[] {
  if (networkNamespace === undefined || networkNamespace === '' || isGuid(networkNamespace)) return [];
  return [
    {
      code: 'network-namespace-invalid',
      pointer: '/networkNamespace',
      message: `the network namespace ${JSON.stringify(networkNamespace)} is not a GUID`,
      hint: 'Pass the id of an HCN namespace (hnsdiag list namespaces), or leave it out to have one made.',
    },
  ];
}

function vmFindings({ request: { vm }, settings }: ValidationInput): Finding[] {
  if (vm === undefined || vm === '' || settings.vm !== undefined) return [];
  return [
    {
      code: 'vm-unknown',
      pointer: '/vm',
      message: `there is no running utility VM ${JSON.stringify(vm)} that was made here`,
      hint: 'Make one first (slipway vm create), or look at those that there are (slipway vm list).',
    },
  ];
}

function lifetimeFindings({ request: { lifetime } }: ValidationInput): Finding[] {
  if (lifetime === undefined || lifetime === 'process' || lifetime === 'host') return [];
  return [
    {
      code: 'lifetime-invalid',
      pointer: '/lifetime',
      message: `the lifetime ${JSON.stringify(lifetime)} is not known`,
      hint: "Use 'process' (ends with the last handle) or 'host' (outlives the process that made it).",
    },
  ];
}

function deadlineFindings({ request: { deadlines } }: ValidationInput): Finding[] {
  const steps: readonly string[] = STEPS;
  return Object.entries(deadlines ?? {})
    .filter(([step, ms]) => !steps.includes(step) || !Number.isFinite(ms) || ms <= 0)
    .map(([step, ms]) => ({
      code: 'deadline-invalid',
      pointer: pointer('deadlines', step),
      message: `the deadline of ${step}, ${ms}, is not a number of milliseconds for a step`,
      hint: `Give a positive number for one of: ${STEPS.join(', ')}.`,
    }));
}

/** What is wrong with the options around the spec. */
export function requestFindings(input: ValidationInput): readonly Finding[] {
  return [
    ...idFindings(input),
    ...namespaceFindings(input),
    ...vmFindings(input),
    ...lifetimeFindings(input),
    ...deadlineFindings(input),
  ];
}

export function requestWarnings({ request, settings, facts }: ValidationInput): readonly Finding[] {
  const { schemaVersion } = request;
  if (schemaVersion === undefined || schemaVersion === null) return [];
  const offered = schemaOffered(schemaVersion, facts);
  if (offered !== undefined && offered === settings.schema) return [];
  const where = offered === undefined ? `build ${facts.build}` : 'a hosting VM';
  const asked = `${schemaVersion.major}.${schemaVersion.minor}`;
  return [
    {
      code: 'schema-version-ignored',
      pointer: '/schemaVersion',
      message: `${where} does not offer schema ${asked}: ${settings.schema === 'v1' ? '1.0' : '2.1'} is used`,
      hint: 'Leave schemaVersion out, or ask for 1.0 or 2.1.',
    },
  ];
}
