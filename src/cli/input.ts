import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Something in what the caller typed or pointed at that has to be mended: ends the command with 2. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** @throws {BadInput} when the file cannot be read, or holds no JSON. */
export function readJson(file: string, what: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadInput('file-unreadable', `cannot read ${what} ${file}: ${reason}`, 'See whether the path is right.');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadInput('file-not-json', `${what} ${file} is not JSON: ${reason}`, 'Mend the file at that place.');
  }
}

export interface SpecLocation {
  readonly bundle?: string | undefined;
  readonly spec?: string | undefined;
}

/** The OCI spec of a bundle (its config.json), or of a file. */
export function readSpec({ bundle, spec }: SpecLocation): unknown {
  if ((bundle === undefined) === (spec === undefined)) {
    throw new BadInput(
      'spec-not-chosen',
      bundle === undefined ? 'there is neither a bundle nor a spec' : '--bundle and --spec exclude each other',
      'Give one of them: --bundle DIR (a folder with a config.json) or --spec FILE.',
    );
  }
  if (spec !== undefined) return readJson(spec, 'the spec');
  const config = join(bundle ?? '', 'config.json');
  if (existsSync(config)) return readJson(config, 'the spec');
  throw new BadInput(
    'bundle-invalid',
    `there is no config.json in ${bundle}`,
    'Point --bundle at the folder of an OCI bundle.',
  );
}
