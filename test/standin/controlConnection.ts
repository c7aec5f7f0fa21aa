import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { type ControlReply, errorOf } from './protocol.ts';

/** Asks the service; what it answers has the type that the method is documented to have. */
export type Ask = <T>(method: string, ...params: readonly unknown[]) => Promise<T>;

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** A connection over which the service is told what to do. */
export class ControlConnection {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    createInterface({ input: socket }).on('line', (line) => this.#answer(JSON.parse(line) as ControlReply));
    // What is asked when the connection breaks is answered by its close.
    socket.on('error', () => {});
    socket.on('close', () => this.#lose());
  }

  static async open(port: number): Promise<ControlConnection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.setNoDelay(true);
    return new ControlConnection(socket);
  }

  readonly ask: Ask = (method, ...params) => {
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) {
        reject(new Error('the stand-in service is gone'));
        return;
      }
      this.#waiting.set(id, { resolve, reject });
      this.#socket.write(`${JSON.stringify({ id, method, params })}\n`);
    });
  };

  close(): void {
    this.#socket.destroy();
  }

  #answer(reply: ControlReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('failure' in reply) waiting?.reject(errorOf(reply.failure));
    else waiting?.resolve(reply.result as never);
  }

  #lose(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error('the stand-in service went away'));
    this.#waiting.clear();
  }
}
