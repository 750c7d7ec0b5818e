import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A TCP server on a port of the loopback that can go away and come back on the same port. */
export class Listener {
  /** How many connections were ever accepted. */
  accepted = 0;
  readonly sockets = new Set<Socket>();
  readonly #serve: (socket: Socket) => void;
  #server: Server | undefined;
  #port = 0;

  constructor(serve: (socket: Socket) => void) {
    this.#serve = serve;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  async open(): Promise<void> {
    const server = createServer((socket) => {
      this.accepted += 1;
      this.sockets.add(socket);
      socket.setNoDelay();
      socket.on('error', () => undefined).once('close', () => this.sockets.delete(socket));
      this.#serve(socket);
    });
    this.#server = server;
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Cuts every connection and refuses new ones. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    this.cut();
    await closed;
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
