import { CommandReader } from './command-reader.js';
import { Listener } from './listener.js';

/** What a server answers: the reply as it goes over the wire, or nothing. */
export type Script = (command: readonly string[]) => string | undefined;

/** A server that says what the test wants, for what no real one of this version does. */
export class ScriptedRedis {
  /** What came after the log-in, in order. */
  readonly commands: string[][] = [];
  /** What it answers to each command of the log-in. */
  welcome: string;
  readonly #listener: Listener;

  private constructor(script: Script, welcome: string) {
    this.welcome = welcome;
    this.#listener = new Listener((socket) => {
      const reader = new CommandReader();
      socket.on('data', (chunk: Buffer) => {
        for (const bytes of reader.read(chunk)) {
          const command = bytes.map(String);
          const isLogIn = command[0] === 'HELLO' || command[0] === 'CLIENT';
          if (!isLogIn) this.commands.push(command);
          const reply = isLogIn ? this.welcome : script(command);
          if (reply !== undefined) socket.write(reply);
        }
      });
    });
  }

  static async open(script: Script, welcome = '+OK\r\n'): Promise<ScriptedRedis> {
    const server = new ScriptedRedis(script, welcome);
    await server.#listener.open();
    return server;
  }

  get url(): string {
    return this.#listener.url;
  }

  /** How many connections were ever accepted. */
  get accepted(): number {
    return this.#listener.accepted;
  }

  /** How many connections there are. */
  get connected(): number {
    return this.#listener.sockets.size;
  }

  /** Says something to every client unasked. */
  say(reply: string): void {
    for (const socket of this.#listener.sockets) socket.write(reply);
  }

  /** Cuts every connection. */
  cut(): void {
    this.#listener.cut();
  }

  close(): Promise<void> {
    return this.#listener.close();
  }
}

/** A blob as it goes over the wire. */
export const blob = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;

/** Nothing, as it goes over the wire. */
export const NOTHING = '_\r\n';
