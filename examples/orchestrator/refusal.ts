import type { Finding } from 'slipway';

export type RefusalCode =
  | 'manifest-invalid'
  | 'invalid-request'
  | 'pod-exists'
  | 'pod-unknown'
  | 'pod-being-deleted'
  | 'draining'
  | 'recovering'
  | 'store-unwritable';

/** Something that was asked of the orchestrator is not done, and nothing has changed. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  /** What to do. */
  readonly hint: string;
  readonly findings: readonly Finding[];

  constructor(code: RefusalCode, message: string, hint: string, findings: readonly Finding[] = []) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.findings = findings;
  }
}
