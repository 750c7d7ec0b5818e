import type { Socket } from 'node:net';
import { CommandReader } from '../../support/command-reader.js';
import { Listener } from '../../support/listener.js';
import { atEnd } from '../../support/open-cache.js';

/** A command, on which connection it came (from 0 on), and the way to answer it. */
export interface Arrival {
  readonly command: readonly string[];
  readonly connection: number;
  answer(reply: string): void;
  /** Ends the connection. */
  cut(): void;
}

/** A server that leaves every answer to the test, in its own time. */
export async function openAnsweringServer(
  arrive: (arrival: Arrival) => void,
): Promise<{ readonly url: string; readonly arrivals: readonly Arrival[] }> {
  const arrivals: Arrival[] = [];
  let connections = 0;
  const listener = new Listener((socket: Socket) => {
    const reader = new CommandReader();
    const connection = connections++;
    socket.on('data', (chunk: Buffer) => {
      for (const bytes of reader.read(chunk)) {
        const command = bytes.map(String);
        if (command[0] === 'HELLO' || command[0] === 'CLIENT') {
          socket.write('+OK\r\n');
          continue;
        }
        const arrival: Arrival = {
          command,
          connection,
          answer: (reply) => void socket.write(reply),
          cut: () => void socket.destroy(),
        };
        arrivals.push(arrival);
        arrive(arrival);
      }
    });
  });
  await listener.open();
  atEnd(() => listener.close());
  return { url: listener.url, arrivals };
}
