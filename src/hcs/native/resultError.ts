/** What HCS says about a failure (schema type ResultError), read with tolerance: a bad document never hides the code. */
import type { HostErrorEvent } from '../../domain/fault.ts';
import type { HostReport } from '../hostError.ts';

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What is in the document; undefined when that cannot be read. */
function parsed(document: string | undefined): unknown {
  try {
    return document === undefined ? undefined : JSON.parse(document);
  } catch {
    return undefined;
  }
}

/** From where one begins to where the last one ends; to the end of a text that was cut off in one. */
const DOCUMENT = /\{\s*"(?:[\s\S]*\}|[\s\S]*$)|\[\s*["{](?:[\s\S]*\]|[\s\S]*$)/g;
const LONGEST = 1000;

/** Text without the documents in it, which may hold secrets; undefined when there is none. */
function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = `${value}`.replace(DOCUMENT, '{…}').trim();
  if (text === '') return undefined;
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function given<K extends string, V>(name: K, value: V | undefined): { readonly [N in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [N in K]: V });
}

/** A list where there is something in it. */
function some<T>(values: readonly T[]): readonly T[] | undefined {
  return values.length === 0 ? undefined : values;
}

function eventOf(value: unknown): HostErrorEvent | undefined {
  const { Message, Provider, EventId, Source, Data } = fieldsOf(value);
  const data = listOf(Data).flatMap((each) => textOf(fieldsOf(each).Value) ?? []);
  const eventId = typeof EventId === 'number' ? EventId : undefined;
  const message = textOf(Message) ?? (eventId === undefined ? undefined : `event ${eventId}`);
  if (message === undefined) return undefined;
  return {
    message,
    ...given('provider', textOf(Provider)),
    ...given('eventId', eventId),
    ...given('source', textOf(Source)),
    ...given('data', some(data)),
  };
}

/** By the name of an attribution record: what it speaks of. */
const SUBJECTS: Readonly<Record<string, string>> = {
  WorkerExit: 'the worker process of the VM ended',
  GuestCrash: 'the guest crashed',
  TripleFault: 'a triple fault in the guest',
  InjectNonMaskableInterrupt: 'a non-maskable interrupt was injected',
  OperationFailure: 'the operation failed',
  SystemExit: 'the system ended',
  VirtualDeviceFailure: 'a virtual device failed',
};

function attributionOf(record: unknown): readonly string[] {
  return Object.entries(fieldsOf(record)).map(([name, value]) => {
    const { Initiator, ExitCode, ...fields } = fieldsOf(value);
    const words = ['Type', 'Detail', 'Name'].flatMap((field) => textOf(fields[field]) ?? []);
    const exit = textOf(ExitCode);
    const initiator = textOf(Initiator);
    const said = [
      ...words,
      ...(exit === undefined ? [] : [`exit code ${exit}`]),
      ...(initiator === undefined ? [] : [`by ${initiator}`]),
    ];
    const subject = SUBJECTS[name] ?? name;
    return said.length === 0 ? subject : `${subject}: ${said.join(', ')}`;
  });
}

/** Who or what ended something, in words (schema: Attribution). */
function attributions(value: unknown): readonly string[] {
  return listOf(value).flatMap(attributionOf);
}

/** What a ResultError says; nothing for a document that is none, or no document. */
export function reportOf(document: string | undefined): HostReport {
  if (document === undefined || document.trim() === '') return {};
  const value = parsed(document);
  if (typeof value !== 'object' || value === null) return given('detail', textOf(document));
  const { ErrorMessage, ErrorEvents, Attribution } = fieldsOf(value);
  return {
    ...given('detail', textOf(ErrorMessage)),
    ...given('events', some(listOf(ErrorEvents).flatMap((event) => eventOf(event) ?? []))),
    ...given('attribution', some(attributions(Attribution))),
  };
}

/** The code in a ResultError; undefined for any other text. */
export function errorCodeOf(document: string): number | undefined {
  const { Error: code } = fieldsOf(parsed(document));
  return typeof code === 'number' && Number.isInteger(code) ? code : undefined;
}
