import type { Wire } from '../wire.js';

/**
 * A connection on which each command is allowed for a slot that is still on its way to the server: ASKING goes before each,
 * as it holds for one command only. Within MULTI it would be queued as a command itself, and is not needed: what was said
 * before MULTI holds to its end (Redis Cluster specification, "ASK redirection"; `resetClient` of the server).
 */
export function askingWire(wire: Wire): Wire {
  let isInMulti = false;
  return {
    sendCommand(args) {
      const name = String(args[0]).toUpperCase();
      // Issued in one tick, so that no other command of the connection comes between the two.
      if (!isInMulti) wire.sendCommand(['ASKING']).catch(() => undefined);
      if (name === 'MULTI') isInMulti = true;
      if (name === 'EXEC' || name === 'DISCARD') isInMulti = false;
      return wire.sendCommand(args);
    },
  };
}
