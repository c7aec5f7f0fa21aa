import type { ProvisionId } from '../../domain/ids.ts';
import type { StartedProcess } from '../../hcs/port.ts';

/** A process that has a handle. */
export type OpenProcess = Pick<StartedProcess, 'handle' | 'pid' | 'stdin' | 'stdout' | 'stderr'>;

interface ProcessName {
  readonly provisionId: ProvisionId;
  readonly key: string;
}

const nameOf = ({ provisionId, key }: ProcessName): string => `${provisionId}/${key}`;

/** The processes in containers that this process of ours has handles to. */
export class ProcessTable {
  readonly #open = new Map<string, OpenProcess>();

  set(name: ProcessName, process: OpenProcess): void {
    this.#open.set(nameOf(name), process);
  }

  find(name: ProcessName): OpenProcess | undefined {
    return this.#open.get(nameOf(name));
  }

  /** @throws {RangeError} for one that is not open, which no statechart asks for */
  get(name: ProcessName): OpenProcess {
    const open = this.find(name);
    if (open === undefined) throw new RangeError(`the process ${nameOf(name)} is not open`);
    return open;
  }

  delete(name: ProcessName): void {
    this.#open.delete(nameOf(name));
  }

  /** Those of one run. */
  ofRun(id: ProvisionId): readonly OpenProcess[] {
    return [...this.#open].filter(([name]) => name.startsWith(`${id}/`)).map(([, open]) => open);
  }

  /** Forgets those of one run. */
  deleteRun(id: ProvisionId): void {
    for (const name of [...this.#open.keys()]) if (name.startsWith(`${id}/`)) this.#open.delete(name);
  }

  get size(): number {
    return this.#open.size;
  }
}
