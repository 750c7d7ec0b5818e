/** First and last. */
export type SlotRange = readonly [number, number];

/** A node as another sees it. */
export interface SeenNode {
  readonly id: string;
  readonly port: number;
  readonly role: 'master' | 'replica';
  /** Of a replica. */
  readonly masterId: string | undefined;
  /** Neither in doubt, nor half known, and connected. */
  readonly isFine: boolean;
  readonly isSelf: boolean;
  /** The higher one is right about a slot that two masters claim. */
  readonly epoch: number;
  readonly slots: readonly SlotRange[];
}

/** Reads `CLUSTER NODES` (https://redis.io/docs/latest/commands/cluster-nodes/). Slots on the move are where they were. */
export function readClusterNodes(text: string): SeenNode[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [id = '', address = '', flagText = '', master = '-', , , epoch, link, ...slots] = line.split(' ');
      const flags = flagText.split(',');
      const isSelf = flags.includes('myself');
      const isDoubted = flags.some((flag) => ['fail', 'fail?', 'handshake', 'noaddr'].includes(flag));
      return {
        id,
        port: Number(/:(\d+)/.exec(address)?.[1]),
        role: flags.includes('master') ? 'master' : 'replica',
        masterId: master === '-' ? undefined : master,
        isFine: !isDoubted && (isSelf || link === 'connected'),
        isSelf,
        epoch: Number(epoch),
        slots: slots.filter((range) => !range.startsWith('[')).map(readRange),
      };
    });
}

/** Who serves the slot, by the word of all who were asked. */
export function ownerOf(slot: number, views: readonly (readonly SeenNode[])[]): SeenNode | undefined {
  const claims = views
    .flat()
    .filter(({ role, slots }) => role === 'master' && slots.some(([from, to]) => from <= slot && slot <= to));
  return claims.reduce<SeenNode | undefined>(
    (best, claim) => (best === undefined || claim.epoch > best.epoch ? claim : best),
    undefined,
  );
}

/** The same for all nodes that agree on who serves what and who copies whom. */
export function agreement(view: readonly SeenNode[]): string {
  return view
    .map(({ id, role, masterId, slots }) => JSON.stringify([id, role, masterId, slots]))
    .sort()
    .join('\n');
}

function readRange(text: string): SlotRange {
  const [from = '', to = from] = text.split('-');
  return [Number(from), Number(to)];
}
