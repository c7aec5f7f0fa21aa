import { readFileSync } from 'node:fs';

/** Something in what the caller typed or pointed at that has to be mended: ends the command with 2. */
export class BadInput extends Error {
  override readonly name: string = 'BadInput';
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** What was asked for is right, but cannot be done now: ends the command with 1. */
export class Refusal extends BadInput {
  override readonly name = 'Refusal';
}

/** This machine has no Host Compute Service: ends the command with 3. */
export class NoHost extends BadInput {
  override readonly name = 'NoHost';
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** @throws {BadInput} when the file cannot be read, or holds no JSON. */
export function readJson(file: string, what: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new BadInput(
      'file-unreadable',
      `cannot read ${what} ${file}: ${reasonOf(error)}`,
      'See whether the path is right.',
    );
  }
  try {
    // Editors on Windows write a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new BadInput(
      'file-not-json',
      `${what} ${file} is not JSON: ${reasonOf(error)}`,
      'Mend the file at that place.',
    );
  }
}
