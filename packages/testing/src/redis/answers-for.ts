import { connect } from 'node:net';

/**
 * True when the Redis at this port of the loopback works in this directory. That it answers at all would prove little:
 * another process may have taken the port a moment before, and it would be that one's server.
 */
export function answersFor(port: number, directory: string): Promise<boolean> {
  return new Promise((resolve) => {
    let reply = '';
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write('CONFIG GET dir\r\n'));
    const end = (right: boolean) => {
      socket.destroy();
      resolve(right);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => resolve(false));
    socket.on('data', (chunk) => {
      reply += chunk.toString();
      if (reply.includes(`${directory}\r\n`)) end(true);
      else if (reply.startsWith('-')) end(false);
    });
  });
}
