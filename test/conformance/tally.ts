/** Counts what came out, a row a case, and prints it. */
import { setImmediate as turn } from 'node:timers/promises';

export interface Judged {
  readonly leaked: readonly string[];
  readonly defects: readonly string[];
}

interface Row<Result> {
  readonly name: string;
  readonly results: AsyncIterable<Result>;
  /** Where in the case a result stems from, in a few words. */
  readonly where: (result: Result) => string;
  /** Why there is nothing to do in a case that has no results. */
  readonly whyNone: string;
}

export class Tally {
  /** What is counted: `injections`. */
  readonly #what: string;
  readonly #write: (result: Judged) => void;
  #done = 0;
  #leaks = 0;
  #unclean = 0;

  constructor(what: string, write: (result: Judged) => void) {
    this.#what = what;
    this.#write = write;
  }

  async add<Result extends Judged>({ name, results, where, whyNone }: Row<Result>): Promise<void> {
    const row = new Tally(this.#what, this.#write);
    const remarks: string[] = [];
    for await (const result of results) {
      this.#write(result);
      // Nothing here waits for the real clock: what ended runs have put off is done, and freed, when the loop lets it.
      await turn();
      row.#count(result);
      const said = [...result.leaked.map((line) => `left: ${line}`), ...result.defects];
      remarks.push(...said.map((remark) => `    ${where(result)}: ${remark}\n`));
    }
    this.#done += row.#done;
    this.#leaks += row.#leaks;
    this.#unclean += row.#unclean;
    const skipped = row.#done === 0 ? `  (${whyNone})` : '';
    process.stdout.write(`${name.padEnd(48)} ${row.#text}${skipped}\n${remarks.join('')}`);
  }

  /** The last line, and the exit code of the process. */
  end(): void {
    process.stdout.write(`\n${this.#text}\n`);
    process.exitCode = this.#leaks + this.#unclean === 0 ? 0 : 1;
  }

  get #text(): string {
    return `${this.#done} ${this.#what}, ${this.#leaks} leaks, ${this.#unclean} unclean`;
  }

  #count({ leaked, defects }: Judged): void {
    this.#done += 1;
    this.#leaks += leaked.length > 0 ? 1 : 0;
    this.#unclean += defects.length > 0 ? 1 : 0;
  }
}
