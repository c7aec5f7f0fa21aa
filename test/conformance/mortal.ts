/** A process that can die at any of its calls to the host, and at any line that it writes down. */
import type { ComputePort, PipeReader, PipeWriter, ProcessesPort, StartedProcess } from '../../src/hcs/port.ts';
import type { Clock, HostPort, LedgerStore, VmStore } from '../../src/index.ts';

/** Before the call or line has its effect, or after it, when nobody is there any more to be told. */
export type When = 'before' | 'after';

export interface DeathWish {
  /** The n-th call or line of the process, from 1. */
  readonly n: number;
  readonly when: When;
}

const never = (): Promise<never> => new Promise(() => {});

/** What a process lives by: it counts what it does, and once it has died nothing of it happens any more. */
export class Life {
  readonly died: Promise<void>;
  #end: () => void = () => {};
  #isOver = false;
  #acts = 0;
  #last = '';
  #wish: DeathWish | undefined;

  constructor(wish?: DeathWish) {
    this.#wish = wish;
    this.died = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Calls and lines so far. */
  get acts(): number {
    return this.#acts;
  }

  /** The act in which it died. */
  get last(): string {
    return this.#last;
  }

  /** It dies at an act that is counted from now; undefined: at none. */
  dieAt(wish: DeathWish | undefined): void {
    this.#wish = wish && { ...wish, n: this.#acts + wish.n };
  }

  die(): void {
    this.#isOver = true;
    this.#end();
  }

  async act<T>(name: string, effect: () => Promise<T>): Promise<T> {
    if (this.#isOver) return never();
    this.#acts += 1;
    const isLast = this.#acts === this.#wish?.n;
    if (isLast) this.#last = name;
    if (isLast && this.#wish?.when === 'before') this.die();
    if (this.isOver) return never();
    const settled = await effect().then(
      (value) => () => value,
      (error: unknown) => () => {
        throw error;
      },
    );
    if (isLast) this.die();
    return this.isOver ? never() : settled();
  }
}

/** What answers by itself, as long as somebody is there. */
async function whileAlive<T>(life: Life, wait: () => Promise<T>): Promise<T> {
  if (life.isOver) return never();
  try {
    const value = await wait();
    return life.isOver ? await never() : value;
  } catch (error) {
    if (life.isOver) return never();
    throw error;
  }
}

type Methods = Record<string, (...args: never[]) => Promise<unknown>>;

function mortalPart<Part extends object>(name: string, part: Part, life: Life): Part {
  const methods = Object.entries(part as Methods).map(([method, call]) => {
    const mortal = (...args: never[]) => life.act(`${name}.${method}`, () => call(...args));
    return [method, mortal];
  });
  return Object.fromEntries(methods) as Part;
}

type Watch<H, E> = (handle: H, told: (exit: E) => void) => () => void;

/** Whoever has died is told nothing. */
function mortalWatch<H, E>(watch: Watch<H, E>, life: Life): Watch<H, E> {
  return (handle, told) => (life.isOver ? () => {} : watch(handle, (exit) => life.isOver || told(exit)));
}

function mortalReader(reader: PipeReader, life: Life): PipeReader {
  return {
    read: () => whileAlive(life, () => reader.read()),
    close: () => whileAlive(life, () => reader.close()),
  };
}

function mortalWriter(writer: PipeWriter, life: Life): PipeWriter {
  return {
    write: (bytes) => whileAlive(life, () => writer.write(bytes)),
    close: () => whileAlive(life, () => writer.close()),
  };
}

/** What goes through pipes is no act: how often they are read is a matter of chance. */
function mortalStarted({ handle, pid, stdin, stdout, stderr }: StartedProcess, life: Life): StartedProcess {
  return {
    handle,
    pid,
    ...(stdin === undefined ? {} : { stdin: mortalWriter(stdin, life) }),
    ...(stdout === undefined ? {} : { stdout: mortalReader(stdout, life) }),
    ...(stderr === undefined ? {} : { stderr: mortalReader(stderr, life) }),
  };
}

function mortalCompute(compute: ComputePort, life: Life): ComputePort {
  const onExit = mortalWatch(compute.onExit, life);
  return { ...mortalPart('compute', compute, life), onExit };
}

function mortalProcesses(processes: ProcessesPort, life: Life): ProcessesPort {
  const mortal = mortalPart('processes', processes, life);
  return {
    ...mortal,
    create: async (system, parameters) => mortalStarted(await mortal.create(system, parameters), life),
    onExit: mortalWatch(processes.onExit, life),
  };
}

/** The host as the process sees it. */
export function mortalHost(host: HostPort, life: Life): HostPort {
  return {
    name: host.name,
    compute: mortalCompute(host.compute, life),
    processes: mortalProcesses(host.processes, life),
    network: mortalPart('network', host.network, life),
    layers: mortalPart('layers', host.layers, life),
    credentials: mortalPart('credentials', host.credentials, life),
    guest: mortalPart('guest', host.guest, life),
    vmAccess: mortalPart('vmAccess', host.vmAccess, life),
    files: mortalPart('files', host.files, life),
    facts: () => life.act('facts', () => host.facts()),
  };
}

/** The journal as the process writes it. */
export function mortalJournal(store: LedgerStore, life: Life): LedgerStore {
  return {
    append: (run, record) => life.act(`line ${record.type}`, () => store.append(run, record)),
    amend: (run, decide) => life.act('line run.takenUp', () => store.amend(run, decide)),
    note: (run, note) => life.isOver || store.note(run, note),
    read: (run) => store.read(run),
    runs: () => store.runs(),
  };
}

/** What the process writes down of VMs. */
export function mortalVms(vms: VmStore, life: Life): VmStore {
  return {
    open: (id, record) => life.act('line of the VM: opened', () => vms.open(id, record)),
    change: (id, change) => life.act('line of the VM: changed', () => vms.change(id, change)),
    drop: (id) => life.act('line of the VM: dropped', () => vms.drop(id)),
    read: (id) => vms.read(id),
    list: () => vms.list(),
  };
}

export function mortalClock(clock: Clock, life: Life): Clock {
  return { ...clock, setTimeout: (run, ms) => clock.setTimeout(() => life.isOver || run(), ms) };
}
