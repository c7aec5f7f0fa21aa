/**
 * The service behind the stand-in libraries: it holds a simulated host. A connection of the libraries is a process on
 * that host; it ends when the connection does. Other connections say what is to become of the host.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { carryOut } from './calls/carryOut.ts';
import { type Controlled, Controller } from './controller.ts';
import { encode, FrameReader, type NativeCall } from './frames.ts';
import { Session } from './session.ts';
import { StandInWorld } from './world.ts';

/** How the libraries begin. */
const GREETING = 'SLIP';

export class StandInService implements Controlled {
  world = new StandInWorld({});
  readonly sessions = new Set<Session>();
  readonly #server: Server = createServer((socket) => this.#welcome(socket));

  /** The port that it listens at. */
  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Every process becomes one of another host. */
  reset(world: StandInWorld): void {
    this.world = world;
    for (const session of this.sessions) session.moveTo(world);
  }

  #welcome(socket: Socket): void {
    socket.setNoDelay(true);
    // A process that was killed resets its connection: its end is what matters.
    socket.on('error', () => {});
    socket.once('data', (first: Buffer) => {
      if (first.toString('latin1', 0, GREETING.length) === GREETING)
        this.#serve(socket, first.subarray(GREETING.length));
      else new Controller(this, socket).serve(first);
    });
  }

  #serve(socket: Socket, first: Buffer): void {
    const reader = new FrameReader();
    const session = new Session(this.world, (frame) => void socket.write(encode(frame)));
    this.sessions.add(session);
    const take = (chunk: Buffer): void => {
      for (const call of reader.take(chunk)) void this.#answer(session, call);
    };
    socket.on('data', take);
    socket.on('close', () => {
      this.sessions.delete(session);
      session.end();
    });
    take(first);
  }

  async #answer(session: Session, call: NativeCall): Promise<void> {
    const { code, fields = [], afterwards } = await carryOut(session, call);
    if (call.id !== 0n) session.send({ kind: 'reply', id: call.id, code, fields });
    afterwards?.();
  }
}
