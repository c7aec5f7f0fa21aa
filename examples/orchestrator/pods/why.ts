/** Why a pod is not where it is wanted, fit for a file, for JSON and for people. */
import {
  describeResource,
  type Fault,
  type Finding,
  LifeFault,
  LifeRefusal,
  ProvisionFault,
  type ReleaseReport,
} from 'slipway';

export interface Why {
  readonly code: string;
  readonly message: string;
  /** What to do. */
  readonly hint: string;
  readonly step?: string;
  /** Whether trying again may help. */
  readonly transient: boolean;
  /** The code of the host: `ERROR_NOT_READY`. */
  readonly host?: string;
  readonly findings?: readonly Finding[];
  /** What could not be released, in words. */
  readonly left?: readonly string[];
}

function whyOfFault({ code, message, hint, step, transient, host, findings }: Fault): Why {
  return {
    code,
    message,
    hint,
    step,
    transient,
    ...(host === undefined ? {} : { host: host.name }),
    ...(findings === undefined ? {} : { findings }),
  };
}

/** Errors of node:fs, and the classes of Slipway that carry no fault, have a code; some say what to do. */
function textOf(error: object, name: 'code' | 'hint', otherwise: string): string {
  const text: unknown = Reflect.get(error, name);
  return typeof text === 'string' ? text : otherwise;
}

/** Whatever was thrown, in the words of whoever threw it. What nobody has foreseen is tried again. */
export function whyOf(error: unknown): Why {
  if (error instanceof ProvisionFault || error instanceof LifeFault) return whyOfFault(error.fault);
  if (error instanceof LifeRefusal) {
    const { code, message, hint } = error;
    return { code, message, hint, transient: true };
  }
  const thrown = error instanceof Error ? error : new Error(String(error));
  return {
    code: textOf(thrown, 'code', 'unforeseen'),
    message: thrown.message,
    hint: textOf(thrown, 'hint', 'It is tried again; see whether it says the same then.'),
    transient: true,
  };
}

/** Why a release is not over; undefined when it is. */
export function whyStillThere({ residue }: ReleaseReport): Why | undefined {
  const [first] = residue;
  if (first === undefined) return undefined;
  const left = residue.map(({ resource }) => describeResource(resource));
  const { message = 'its release was not tried yet', hint = 'It is tried again.' } = first.fault ?? {};
  return {
    code: 'residue',
    message: `not everything could be given back: ${message}`,
    hint,
    step: 'releasing',
    transient: true,
    left,
    ...(first.fault?.host === undefined ? {} : { host: first.fault.host.name }),
  };
}
