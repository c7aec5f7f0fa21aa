import { HRESULT } from '../../../src/hcs/codeTable.ts';
import { HostError } from '../../../src/hcs/hostError.ts';
import type { NativeCall } from '../frames.ts';
import type { Session } from '../session.ts';
import { type Calls, Given, type Outcome } from './call.ts';
import { LAYERS } from './layers.ts';
import { NETWORK } from './network.ts';
import { PIPES } from './pipes.ts';
import { PROCESSES } from './processes.ts';
import { SERVICE } from './service.ts';
import { SYSTEMS } from './systems.ts';

const CALLS: Calls = { ...SYSTEMS, ...PROCESSES, ...PIPES, ...SERVICE, ...LAYERS, ...NETWORK };

export interface Answer extends Outcome {
  readonly code: number;
}

/** What tells more of a failure: an ErrorRecord of HCN, a ResultError of HCS; nothing where there is no more to tell. */
function failed(name: string, error: HostError): Answer {
  const { hresult, detail } = error.failure;
  const code = Number(hresult) | 0;
  if (detail === undefined) return { code };
  const record = { Success: false, Error: detail, ErrorCode: Number(hresult) };
  const result = { Error: code, ErrorMessage: detail };
  return { code, fields: [JSON.stringify(name.startsWith('Hcn') ? record : result)] };
}

/** Whatever is wrong with the arguments, such as an empty id. */
const asHostError = (name: string, error: unknown): HostError =>
  error instanceof HostError ? error : new HostError(name, HRESULT.invalidParameter, String(error));

/** Carries out what a library was called for. */
export async function carryOut(session: Session, { function: name, arguments: given }: NativeCall): Promise<Answer> {
  try {
    const carry = CALLS[name];
    if (carry === undefined) throw new HostError(name, HRESULT.notSupported, `the stand-in knows no ${name}`);
    return { code: 0, ...(await carry(session, new Given(name, given))) };
  } catch (error) {
    return failed(name, asHostError(name, error));
  }
}
