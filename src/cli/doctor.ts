import pc from 'picocolors';
import { diagnose } from '../hcs/native/doctor/diagnose.ts';
import type { Ability, Check, Diagnosis, Mark } from '../hcs/native/doctor/diagnosis.ts';
import { examine } from '../hcs/native/doctor/examine.ts';
import type { Examination } from '../hcs/native/doctor/findings.ts';
import { EXIT, type Streams } from './outcome.ts';

const EXIT_OF: { readonly [V in Diagnosis['verdict']]: number } = {
  ready: EXIT.done,
  limited: EXIT.failed,
  absent: EXIT.noHost,
};

const MARKS: { readonly [M in Mark]: () => string } = {
  ok: () => pc.green('✓'),
  limits: () => pc.yellow('!'),
  fails: () => pc.red('✗'),
};

const remedyLine = (remedy: string | undefined): string =>
  remedy === undefined ? '' : `    ${pc.cyan('→')} ${remedy}\n`;

function checkLines(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ subject }) => subject.length));
  return checks
    .map(({ subject, mark, found, remedy }) => {
      const cells = `${MARKS[mark]()} ${subject.padEnd(width)}  ${found}`;
      return `  ${cells}\n${remedyLine(remedy)}`;
    })
    .join('');
}

function abilityLines(abilities: readonly Ability[]): string {
  const width = Math.max(...abilities.map(({ what }) => what.length));
  return abilities
    .map(({ what, works, because, otherwise }) => {
      const mark = MARKS[works ? 'ok' : 'limits']();
      return `  ${mark} ${what.padEnd(width)}  ${pc.dim(because)}\n${remedyLine(otherwise)}`;
    })
    .join('');
}

/** For people: the sentence, what was looked at, and what will work. */
export function diagnosisText({ verdict, sentence, checks, abilities }: Diagnosis): string {
  const about = checks.length === 0 ? '' : `\n${checkLines(checks)}`;
  const works = abilities.length === 0 ? '' : `\nwhat will work:\n${abilityLines(abilities)}`;
  return `${verdict === 'ready' ? pc.green(sentence) : pc.bold(sentence)}\n${about}${works}`;
}

/** `slipway doctor`: resolves with the exit code. */
export async function doctor(
  { json }: { readonly json: boolean },
  { out }: Pick<Streams, 'out'>,
  examination: () => Promise<Examination> = examine,
): Promise<number> {
  const found = await examination();
  const diagnosis = diagnose(found);
  out(json ? `${JSON.stringify({ ...diagnosis, examination: found })}\n` : diagnosisText(diagnosis));
  return EXIT_OF[diagnosis.verdict];
}
