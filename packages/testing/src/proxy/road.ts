import type { Socket } from 'node:net';
import { CommandSplitter } from './command-splitter.js';
import { Lane } from './lane.js';
import type { Weather } from './weather.js';

/** One connection of a client, and the one to the server that belongs to it. */
export class Road {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #weather: Weather;
  readonly #up: Lane;
  readonly #down: Lane;
  /** Set when the server is still to do what it was told, and nothing of it is to arrive any more. */
  #isAmbushed = false;

  /** @param ended Called when both connections are closed. */
  constructor(client: Socket, server: Socket, weather: Weather, ended: () => void) {
    this.#client = client;
    this.#server = server;
    this.#weather = weather;
    const commands = new CommandSplitter();
    this.#up = new Lane(
      'up',
      weather,
      (command) => this.#forward(command),
      () => server.end(),
    );
    this.#down = new Lane(
      'down',
      weather,
      (piece) => this.#reply(piece),
      () => client.end(),
    );
    for (const socket of [client, server]) socket.setNoDelay().on('error', () => undefined);
    client.on('data', (chunk: Buffer) => {
      for (const command of commands.split(chunk)) this.#up.take(command);
    });
    server.on('data', (chunk: Buffer) => this.#down.take(chunk));
    const closed = () => {
      if (client.closed && server.closed) ended();
    };
    client.once('close', () => {
      this.#up.take(undefined);
      closed();
    });
    server.once('close', () => {
      closed();
      if (this.#isAmbushed) this.cut();
      else this.#down.take(undefined);
    });
  }

  /** Whether the client still has its connection. */
  get isOpen(): boolean {
    return !this.#client.closed;
  }

  weatherChanged(): void {
    this.#up.pass();
    this.#down.pass();
  }

  cut(): void {
    this.#up.drop();
    this.#down.drop();
    this.#client.destroy();
    this.#server.destroy();
  }

  #forward(command: Buffer): void {
    if (this.#isAmbushed) return;
    const ambush = this.#weather.ambushes.find(({ match }) => command.includes(match));
    if (ambush !== undefined) this.#weather.ambushes.splice(this.#weather.ambushes.indexOf(ambush), 1);
    if (ambush?.when !== 'before') this.#server.write(command);
    if (ambush === undefined) return;
    this.#isAmbushed = true;
    // A server closes when it has done all that came before the end: only then does the client lose its connection.
    this.#server.end();
  }

  #reply(piece: Buffer): void {
    if (!this.#isAmbushed) this.#client.write(this.#weather.flips.apply(piece));
  }
}
