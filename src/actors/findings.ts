import type { Finding } from '../domain/finding.ts';
import { Failure } from './faults.ts';

/** @throws {Failure} with every finding */
export function refuse(findings: readonly Finding[]): never {
  const [first] = findings;
  const more = findings.length > 1 ? `, and ${findings.length - 1} more` : '';
  throw new Failure({
    code: 'invalid-request',
    message: `the request cannot be carried out: ${first?.message ?? 'it is not valid'}${more}`,
    hint: 'Mend what the findings point at; nothing was touched on the host.',
    step: 'validating',
    transient: false,
    findings,
  });
}
