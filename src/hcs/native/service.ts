/** The Host Compute Service itself: what it is asked about itself, and told to change. */
import { HostError } from '../hostError.ts';
import { SERVICE } from './bindings/computecore.ts';
import { isFailure } from './blocking.ts';
import type { Bound } from './ffi/declaring.ts';
import { Out, wide } from './ffi/memory.ts';
import type { NativeParts } from './nativeParts.ts';
import { reportOf } from './resultError.ts';

type ServiceParts = Pick<NativeParts, 'libraries' | 'memory' | 'turns'>;

export class NativeService {
  readonly #parts: ServiceParts;
  readonly #native: Bound<typeof SERVICE>;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    this.#native = parts.libraries.bind('computecore', SERVICE);
  }

  /** HcsGetServiceProperties. @param query a Service_PropertyQuery */
  properties(call: string, query: object): Promise<string | undefined> {
    return this.#ask(call, (out) => this.#native.HcsGetServiceProperties.later(wide(JSON.stringify(query)), out.bytes));
  }

  /** HcsModifyServiceSettings. @param request a ModificationRequest */
  async modify(call: string, request: object): Promise<void> {
    await this.#ask(call, (out) =>
      this.#native.HcsModifyServiceSettings.later(wide(JSON.stringify(request)), out.bytes),
    );
  }

  async #ask(call: string, make: (out: Out) => Promise<number>): Promise<string | undefined> {
    const out = new Out();
    const hresult = await this.#parts.turns.long(call, async () => make(out));
    const document = this.#parts.memory.take(out, 'local');
    if (isFailure(hresult)) throw new HostError(call, hresult, reportOf(document));
    return document;
  }
}
