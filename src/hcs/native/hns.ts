/** The Host Network Service by its older interface: HNSCall of vmcompute.dll. */
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import { VMCOMPUTE } from './bindings/vmcompute.ts';
import { type Blocking, isFailure } from './blocking.ts';
import { checkRecord, codeIn } from './errorRecord.ts';
import type { Bound, Libraries } from './ffi/declaring.ts';
import { Out, wide } from './ffi/memory.ts';
import { field, objectIn, textField } from './fields.ts';
import { NativeMemory } from './nativeMemory.ts';

/** `code`: undefined when HNS told only words. */
export type HnsAnswer =
  | { readonly success: true; readonly output: unknown }
  | { readonly success: false; readonly code: number | undefined; readonly words: string };

export class Hns {
  readonly #vmcompute: Bound<typeof VMCOMPUTE>;
  readonly #blocking: Blocking;
  readonly #memory: NativeMemory;

  constructor(libraries: Libraries, blocking: Blocking) {
    this.#vmcompute = libraries.bind('vmcompute', VMCOMPUTE);
    this.#blocking = blocking;
    this.#memory = new NativeMemory(libraries);
  }

  /** HNSCall GET. @throws {HostError} when HNS could not be asked, or gave no answer that can be read. */
  async get(call: string, path: string): Promise<HnsAnswer> {
    const out = new Out();
    const hresult = await this.#blocking(call, async () =>
      this.#vmcompute.HNSCall.later(wide('GET'), wide(path), wide(''), out.bytes),
    );
    const response = this.#memory.take(out, 'com') ?? '';
    checkRecord(call, hresult, isFailure(hresult) ? response : '');
    const answer = objectIn(response);
    if (field(answer, 'Success') === true) return { success: true, output: field(answer, 'Output') };
    if (field(answer, 'Success') !== false) throw new HostError(call, HRESULT.unexpected, response);
    return { success: false, code: codeIn(answer), words: (textField(answer, 'Error') ?? response).trim() };
  }
}
