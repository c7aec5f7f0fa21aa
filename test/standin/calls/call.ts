/** How the functions of the libraries are carried out: one entry a function. */
import { HRESULT } from '../../../src/hcs/codeTable.ts';
import { HostError } from '../../../src/hcs/hostError.ts';
import { type Fields, fieldsOf } from '../../../src/hcs/simulated/fields.ts';
import type { Argument, Field } from '../frames.ts';
import type { Session } from '../session.ts';

/** The arguments of a call, by position. */
export class Given {
  readonly function: string;
  readonly #arguments: readonly Argument[];

  constructor(name: string, given: readonly Argument[]) {
    this.function = name;
    this.#arguments = given;
  }

  /** @throws {HostError} E_INVALIDARG where it is NULL */
  text(index: number): string {
    const argument = this.#arguments[index];
    if (typeof argument !== 'string') throw new HostError(this.function, HRESULT.invalidParameter);
    return argument;
  }

  /** A number or handle. */
  number(index: number): bigint {
    const argument = this.#arguments[index];
    return typeof argument === 'bigint' ? argument : 0n;
  }

  bytes(index: number): Uint8Array {
    const argument = this.#arguments[index];
    return argument instanceof Uint8Array ? argument : new Uint8Array();
  }

  /** A document; nothing is in one that is NULL. @throws {HostError} INVALID_JSON */
  document(index: number): Fields {
    const argument = this.#arguments[index];
    if (typeof argument !== 'string' || argument === '') return {};
    try {
      return fieldsOf(JSON.parse(argument));
    } catch {
      throw new HostError(this.function, HRESULT.invalidJson);
    }
  }
}

/** What a function gives: the fields of the reply, and what is sent after it. */
export interface Outcome {
  readonly fields?: readonly Field[];
  readonly afterwards?: () => void;
}

export type Carry = (session: Session, given: Given) => Promise<Outcome> | Outcome;

/** By the name of the export. */
export type Calls = Readonly<Record<string, Carry>>;

export const NOTHING: Outcome = {};

/** The result document of HCS, the first field. */
export function documentOf(document: object): Outcome {
  return { fields: [JSON.stringify(document)] };
}

const FOREVER = 0xffffffffn;

/** Waits for an exit that `waiters` are told of; false when the time passed first. */
export function exitIn(waiters: Array<() => void>, timeoutMs: bigint): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = timeoutMs === FOREVER ? undefined : setTimeout(() => resolve(false), Number(timeoutMs));
    waiters.push(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

export const notSupported: Carry = (_, given) => {
  throw new HostError(given.function, HRESULT.notSupported, 'the stand-in has no such thing');
};
