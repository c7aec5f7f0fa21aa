/** A connection over which a test says what is to become of the host. */
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { Resource } from '../../src/domain/resource.ts';
import type { InjectedFault, Latencies } from '../../src/hcs/simulated/faults.ts';
import type { SimulatedProcess } from '../../src/hcs/simulated/simulatedHost.ts';
import { intend } from '../support/intents.ts';
import { type ControlReply, type ControlRequest, failureOf, type StandInDeath, type StandInHost } from './protocol.ts';
import type { Session } from './session.ts';
import { StandInWorld } from './world.ts';

/** The service, as it can be told what to do. */
export interface Controlled {
  readonly world: StandInWorld;
  readonly sessions: ReadonlySet<Session>;
  reset(world: StandInWorld): void;
}

/** What a method does with its parameters, which `control.ts` gives it as they are to be. */
type Methods = Readonly<Record<string, (...params: never[]) => unknown>>;

function filesMethods(process: () => SimulatedProcess): Methods {
  const files = () => process().files;
  return {
    'files.stat': (path: string) => files().stat(path),
    'files.read': (path: string) => files().read(path),
    'files.size': (path: string) => files().size(path),
    'files.readBytes': async (path: string, offset: number, length: number) =>
      Buffer.from(await files().readBytes(path, offset, length)).toString('base64'),
    'files.copy': (file: Resource<'vmFile'>, from: string) => files().copy(intend(file), from),
    'files.resolve': (path: string) => files().resolve(path),
    'files.createFolder': (folder: Resource<'scratchFolder'>) => files().createFolder(intend(folder)),
    'files.removeFolder': (path: string) => files().removeFolder(path),
    'files.removeFile': (path: string) => files().removeFile(path),
  };
}

function hostMethods(service: Controlled): Methods {
  return {
    reset: (host: StandInHost) => service.reset(new StandInWorld(host)),
    inject: (fault: InjectedFault) => service.world.inject(fault),
    disarm: (armed: number) => service.world.disarm(armed),
    setLatencies: (latencies: Latencies) => service.world.setLatencies(latencies),
    answerPending: () => service.world.host.answerPending(),
    pendingCalls: () => service.world.host.pendingCalls,
    vmExits: (id: string) => service.world.host.vmExits(id),
    killService: (death: StandInDeath) => service.world.killService(death),
    restartService: () => service.world.restartService(),
    snapshot: () => service.world.host.snapshot(),
    effects: () => service.world.host.effects,
    calls: () => service.world.host.calls,
    processes: () => service.sessions.size,
  };
}

export class Controller {
  readonly #service: Controlled;
  readonly #socket: Socket;
  readonly #methods: Methods;
  #attached: { readonly world: StandInWorld; readonly process: SimulatedProcess } | undefined;

  constructor(service: Controlled, socket: Socket) {
    this.#service = service;
    this.#socket = socket;
    this.#methods = { ...hostMethods(service), ...filesMethods(() => this.#process()) };
  }

  /** Answers what comes, beginning with what has come already. */
  serve(first: Buffer): void {
    const lines = new PassThrough();
    createInterface({ input: lines }).on('line', (line) => void this.#answer(JSON.parse(line) as ControlRequest));
    lines.write(first);
    this.#socket.on('data', (chunk) => lines.write(chunk));
    this.#socket.on('close', () => this.#attached?.process.end());
  }

  /** The process that uses the files: one a host. */
  #process(): SimulatedProcess {
    const { world } = this.#service;
    if (this.#attached?.world !== world) this.#attached = { world, process: world.host.attach() };
    return this.#attached.process;
  }

  async #answer(request: ControlRequest): Promise<void> {
    const reply = await this.#carryOut(request);
    this.#socket.write(`${JSON.stringify(reply)}\n`);
  }

  async #carryOut({ id, method, params }: ControlRequest): Promise<ControlReply> {
    try {
      const carry = this.#methods[method];
      if (carry === undefined) throw new RangeError(`there is no ${method}`);
      return { id, result: await carry(...(params as never[])) };
    } catch (error) {
      return { id, failure: failureOf(error) };
    }
  }
}
