import pc from 'picocolors';
import { FAULT_CODES, type FaultMeaning } from '../domain/faultCodes.ts';
import { EXIT } from './outcome.ts';

const MEANINGS: ReadonlyMap<string, FaultMeaning> = new Map(Object.entries(FAULT_CODES));

const TRANSIENT_IN_WORDS: { readonly [T in FaultMeaning['transient']]: string } = {
  yes: 'may work when it is tried again',
  no: 'will not work by trying again',
  depends: 'may work when it is tried again where the fault is transient',
};

/** What a code of a fault of slipway means; undefined where the text is none. */
export function explainFault(text: string, json: boolean, out: (text: string) => void): number | undefined {
  const meaning = MEANINGS.get(text);
  if (meaning === undefined) return undefined;
  const { when, remedy, steps, transient } = meaning;
  if (json) out(`${JSON.stringify({ code: text, family: 'slipway', known: true, ...meaning })}\n`);
  else {
    const where = steps === 'any' ? 'any step' : steps.join(', ');
    out(`${pc.bold(text)}  ${pc.dim(`slipway; ${where}`)}\n  ${when}\n`);
    out(`  ${pc.dim(TRANSIENT_IN_WORDS[transient])}\n  ${pc.cyan('→')} ${remedy}\n`);
  }
  return EXIT.done;
}
