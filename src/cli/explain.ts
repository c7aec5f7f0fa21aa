import pc from 'picocolors';
import type { CodeClass } from '../domain/fault.ts';
import { formatHresult, isKnown, meaningOf } from '../hcs/codes.ts';
import { BadInput } from './input.ts';
import { EXIT } from './outcome.ts';

const CLASS_IN_WORDS: { readonly [C in CodeClass]: string } = {
  transient: 'may work when it is tried again',
  gone: 'the thing is not there (any more): a release counts as done',
  conflict: 'it is there already, or somebody else has it',
  permanent: 'will not work by trying again',
  unknown: 'the call may yet have happened',
};

/** A code as people write it: `0x80370110`, `80370110h`, `2151088400`, `-1070137082`. */
function parseCode(text: string): number {
  const hex = /^(?:0x([0-9a-f]{1,8})|([0-9a-f]{1,8})h)$/i.exec(text);
  const value = hex === null ? Number(text) : Number.parseInt(hex[1] ?? hex[2] ?? '', 16);
  if (text.trim() !== '' && Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 32) return value;
  throw new BadInput(
    'code-unreadable',
    `'${text}' is not a code of 32 bits`,
    'Write it as 0x80370110, or in decimal as logs do: -1070137082, 3489792023.',
  );
}

/** `slipway explain`: what a code of HCS, HCN, Win32 or NTSTATUS means. Gives the exit code: 1 for an unknown one. */
export function explain(text: string, json: boolean, out: (text: string) => void): number {
  const code = parseCode(text);
  const { name, meaning, class: codeClass, advice } = meaningOf(code);
  const hresult = formatHresult(code);
  const known = isKnown(code);
  if (json) out(`${JSON.stringify({ hresult, known, name, meaning, class: codeClass, advice })}\n`);
  else {
    const title = known ? pc.bold(name) : pc.yellow('unknown');
    out(`${hresult}  ${title}\n  ${meaning}\n  ${pc.dim(CLASS_IN_WORDS[codeClass])}\n  ${pc.cyan('→')} ${advice}\n`);
  }
  return known ? EXIT.done : EXIT.failed;
}
