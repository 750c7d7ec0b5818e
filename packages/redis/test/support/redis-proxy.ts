import { connect, type Socket } from 'node:net';
import { CommandReader } from './command-reader.js';
import { Listener } from './listener.js';

/** A road to a real Redis that can be closed, frozen and listened to. */
export class RedisProxy {
  /** Every command that went through, in order, as text. */
  readonly commands: string[][] = [];
  #target: URL;
  readonly #listener = new Listener((socket) => this.#serve(socket));
  #frozen = false;
  readonly #servers = new Set<Socket>();

  private constructor(url: string) {
    this.#target = new URL(url);
  }

  static async open(url: string): Promise<RedisProxy> {
    const proxy = new RedisProxy(url);
    await proxy.#listener.open();
    return proxy;
  }

  /** With the credentials, if any, of the server behind. */
  get url(): string {
    const url = new URL(this.#target);
    url.hostname = '127.0.0.1';
    url.port = String(this.#listener.port);
    return url.href;
  }

  /** How many connections were ever accepted. */
  get accepted(): number {
    return this.#listener.accepted;
  }

  /** How many connections there are. */
  get open(): number {
    return this.#listener.sockets.size;
  }

  /** As when the server is killed. */
  down(): Promise<void> {
    return this.#listener.close();
  }

  /** As when it is started again, at the same port. */
  up(): Promise<void> {
    return this.#listener.open();
  }

  /** Sends those who connect from now on to another server. */
  turnTo(url: string): void {
    this.#target = new URL(url);
  }

  /** As when the server is stopped by a signal: it accepts and takes in, and answers nothing. */
  freeze(): void {
    this.#frozen = true;
    for (const server of this.#servers) server.pause();
  }

  thaw(): void {
    this.#frozen = false;
    for (const server of this.#servers) server.resume();
  }

  /** Puts bytes between the replies, as a fault on the way would. */
  inject(bytes: string): void {
    for (const socket of this.#listener.sockets) socket.write(bytes);
  }

  #serve(socket: Socket): void {
    const server = connect(Number(this.#target.port || 6379), this.#target.hostname);
    this.#servers.add(server);
    if (this.#frozen) server.pause();
    const reader = new CommandReader();
    socket.on('data', (chunk: Buffer) => {
      for (const command of reader.read(chunk)) this.commands.push(command.map(String));
      server.write(chunk);
    });
    server.on('data', (chunk) => socket.write(chunk)).on('error', () => undefined);
    server.once('close', () => socket.destroy());
    socket.once('close', () => {
      this.#servers.delete(server);
      server.destroy();
    });
  }
}
