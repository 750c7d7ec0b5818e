import { connect } from 'node:net';
import { type Reply, readReply } from './reply.js';

/** Who speaks. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * One command over a connection of its own to a port of the loopback: nothing that is done to other clients meets it.
 *
 * @throws Error with the server's words when it refuses, and when no reply has come after `timeoutMs`.
 */
export async function tellServer(
  port: number,
  credentials: Credentials | undefined,
  command: readonly string[],
  timeoutMs = 5_000,
): Promise<Reply> {
  const logIn = credentials === undefined ? [] : [['AUTH', credentials.username, credentials.password]];
  const replies = await converse(port, [...logIn, command], timeoutMs);
  const refused = replies.find((reply) => reply instanceof Error);
  if (refused instanceof Error) throw new Error(`${command[0]}: ${refused.message}`);
  return replies.at(-1) ?? null;
}

function converse(
  port: number,
  commands: readonly (readonly string[])[],
  timeoutMs: number,
): Promise<Reply[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    const where = `the server at port ${port}`;
    let received = Buffer.alloc(0);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      socket.destroy();
      settle();
    };
    const fail = (error: Error) => end(() => reject(error));
    const timer = setTimeout(() => fail(new Error(`${where} said nothing for ${timeoutMs} ms`)), timeoutMs);
    socket.once('error', fail).once('close', () => fail(new Error(`${where} hung up`)));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      try {
        const replies = readAll(received);
        if (replies.length === commands.length) end(() => resolve(replies));
      } catch (error) {
        fail(error as Error);
      }
    });
    socket.write(commands.map(encode).join(''));
  });
}

function readAll(bytes: Buffer): Reply[] {
  const replies: Reply[] = [];
  for (let next = readReply(bytes); next !== undefined; next = readReply(bytes, next.end))
    replies.push(next.reply);
  return replies;
}

const encode = (command: readonly string[]) =>
  `*${command.length}\r\n${command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
