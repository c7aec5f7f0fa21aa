/**
 * Operations of HCS: one is made, passed to one call, asked until it has an answer, and closed. HCS has no callback into
 * JavaScript for it: a process can end at any moment with operations on their way.
 */
import pLimit from 'p-limit';
import { HRESULT } from '../codeTable.ts';
import { HostError } from '../hostError.ts';
import { OPERATIONS, ProcessInformation } from './bindings/computecore.ts';
import { hostErrorOf, isFailure, type Turns } from './blocking.ts';
import type { Bound, Libraries } from './ffi/declaring.ts';
import { Out } from './ffi/memory.ts';
import type { NativeMemory } from './nativeMemory.ts';
import type { Polling } from './polling.ts';
import { reportOf } from './resultError.ts';

/** Operations that are on their way at once; further ones wait for their turn. */
const OPERATIONS_IN_FLIGHT = 200;

/** Begins the call of an operation, on a thread of the library. Gives the HRESULT. */
export type Begin = (operation: bigint) => Promise<number>;

interface Answer {
  readonly hresult: number;
  readonly document: string | undefined;
}

type Ask = (operation: bigint, document: Out) => number;

export class Operations {
  readonly #native: Bound<typeof OPERATIONS>;
  readonly #memory: NativeMemory;
  readonly #turns: Turns;
  readonly #polling: Polling;
  readonly #turn = pLimit(OPERATIONS_IN_FLIGHT);

  constructor(libraries: Libraries, memory: NativeMemory, turns: Turns, polling: Polling) {
    this.#native = libraries.bind('computecore', OPERATIONS);
    this.#memory = memory;
    this.#turns = turns;
    this.#polling = polling;
  }

  /**
   * Carries out one operation to its end, however long that takes.
   * @param call the method in the words of the port
   * @returns the result document, if there is one
   * @throws {HostError} with what the ResultError says
   */
  run(call: string, begin: Begin): Promise<string | undefined> {
    return this.#run(call, begin, (operation, document) =>
      this.#native.HcsGetOperationResult.now(operation, document.bytes),
    );
  }

  /** An operation that makes a process: gives its id and the ends of its pipes, which are the caller's to close. */
  async runProcess(call: string, begin: Begin): Promise<ProcessInformation> {
    const information = new ProcessInformation();
    await this.#run(call, begin, (operation, document) =>
      this.#native.HcsGetOperationResultAndProcessInfo.now(operation, information.bytes, document.bytes),
    );
    return information;
  }

  #run(call: string, begin: Begin, ask: Ask): Promise<string | undefined> {
    return this.#turn(async () => {
      try {
        const { hresult, document } = await this.#answer(call, begin, ask);
        if (isFailure(hresult)) throw new HostError(call, hresult, reportOf(document));
        return document;
      } catch (error) {
        throw hostErrorOf(call, error);
      }
    });
  }

  async #answer(call: string, begin: Begin, ask: Ask): Promise<Answer> {
    const operation = this.#native.HcsCreateOperation.now(0n, 0n);
    if (operation === 0n) throw new HostError(call, HRESULT.outOfMemory, 'HCS has no room for an operation');
    try {
      const begun = await this.#turns.short(call, () => begin(operation));
      // What was refused at once may yet have said why.
      if (isFailure(begun)) return { hresult: begun, document: this.#once(operation, ask).document };
      return await this.#polling.until(() => {
        const answer = this.#once(operation, ask);
        return answer.hresult >>> 0 === HRESULT.operationPending ? undefined : answer;
      });
    } finally {
      this.#native.HcsCloseOperation.now(operation);
    }
  }

  #once(operation: bigint, ask: Ask): Answer {
    const document = new Out();
    const hresult = ask(operation, document);
    return { hresult, document: this.#memory.take(document, 'local') };
  }
}
