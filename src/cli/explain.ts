import pc from 'picocolors';
import type { CodeClass } from '../domain/fault.ts';
import { codeNamed, familyOf, formatHresult, isKnown, meaningOf, namesLike } from '../hcs/codes.ts';
import type { HostReport } from '../hcs/hostError.ts';
import { errorCodeOf, reportOf } from '../hcs/native/resultError.ts';
import { explainFault } from './explainFault.ts';
import { reportLines } from './hostReport.ts';
import { BadInput } from './input.ts';
import { EXIT } from './outcome.ts';

const CLASS_IN_WORDS: { readonly [C in CodeClass]: string } = {
  transient: 'may work when it is tried again',
  gone: 'the thing is not there (any more): a release counts as done',
  conflict: 'it is there already, or somebody else has it',
  permanent: 'will not work by trying again',
  unknown: 'the call may yet have happened',
};

/** A code, how its text was read where it could be read otherwise, and what was said with it. */
interface Reading {
  readonly code: number;
  readonly readAs?: string;
  readonly report?: HostReport;
}

const MARKED_HEX = /^(?:0x([0-9a-f]{1,8})|([0-9a-f]{1,8})h)$/i;
const HEX_WITH_LETTERS = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{1,8}$/i;
const EIGHT_DIGITS = /^8\d{7}$/;
const DECIMAL = /^-?\d+$/;
const MOST_NAMES = 8;

/** Errors of Win32 stand in logs without their HRESULT around them: a number of 16 bits is one of these. */
function asHresult(value: number): Reading {
  if (value < 0 || value > 0xffff) return { code: value };
  return { code: 0x80070000 + value, readAs: `error ${value} of Win32` };
}

/**
 * Digits alone are decimal. Eight of them that begin with 8 are hexadecimal: that is how HRESULTs look, and as decimal
 * numbers they would be no failure.
 */
function numberIn(text: string): Reading | undefined {
  const [, prefixed, suffixed] = MARKED_HEX.exec(text) ?? [];
  const hex = prefixed ?? suffixed ?? (HEX_WITH_LETTERS.test(text) ? text : undefined);
  if (hex !== undefined) return asHresult(Number.parseInt(hex, 16));
  if (EIGHT_DIGITS.test(text)) return { code: Number.parseInt(text, 16), readAs: 'hexadecimal' };
  const value = Number(text);
  return DECIMAL.test(text) && value >= -(2 ** 31) && value < 2 ** 32 ? asHresult(value) : undefined;
}

function unreadable(text: string): BadInput {
  const names = namesLike(text);
  const more = names.length > MOST_NAMES ? ` (and ${names.length - MOST_NAMES} more)` : '';
  return new BadInput(
    'code-unreadable',
    `'${text}' is neither a code of 32 bits nor a name that is known`,
    names.length === 0
      ? 'Write it as 0x80370110, in decimal as logs do (-1070137082, 3489792023, 1450), or as HCS_E_SYSTEM_NOT_FOUND.'
      : `Did you mean ${names.slice(0, MOST_NAMES).join(', ')}${more}?`,
  );
}

/** A ResultError of HCS, as logs have it. */
function documentIn(text: string): Reading | undefined {
  const code = text.startsWith('{') ? errorCodeOf(text) : undefined;
  return code === undefined ? undefined : { code, report: reportOf(text) };
}

/** @throws {BadInput} when the text is neither a number of 32 bits, nor a name of the table, nor a ResultError. */
function read(text: string): Reading {
  const document = documentIn(text);
  if (document !== undefined) return document;
  const named = codeNamed(text);
  const reading = named === undefined ? numberIn(text) : { code: named };
  if (reading === undefined) throw unreadable(text);
  return reading;
}

/** `slipway explain`: what a code of HCS, HCN, Win32 or NTSTATUS means, or a ResultError of HCS, or a code of ours. Gives the exit code: 1 for an unknown one. */
export function explain(text: string, json: boolean, out: (text: string) => void): number {
  const ofOurs = explainFault(text.trim(), json, out);
  if (ofOurs !== undefined) return ofOurs;
  const { code, readAs, report = {} } = read(text.trim());
  const { name, meaning, class: codeClass, advice } = meaningOf(code);
  const [hresult, family, known] = [formatHresult(code), familyOf(code), isKnown(code)];
  if (json)
    out(`${JSON.stringify({ hresult, readAs, family, known, name, meaning, class: codeClass, advice, ...report })}\n`);
  else {
    const title = known ? pc.bold(name) : pc.yellow('unknown');
    const origin = pc.dim(readAs === undefined ? family : `${family}; '${text}' read as ${readAs}`);
    out(`${hresult}  ${title}  ${origin}\n  ${meaning}\n`);
    out(`${report.detail === undefined ? '' : `  ${report.detail}\n`}${reportLines(report)}`);
    out(`  ${pc.dim(CLASS_IN_WORDS[codeClass])}\n  ${pc.cyan('→')} ${advice}\n`);
  }
  return known ? EXIT.done : EXIT.failed;
}
