import { atEnd } from '../../support/open-cache.js';
import { blob, type Script, ScriptedRedis } from '../../support/scripted-redis.js';

/** A node that says what the test wants, and what it says of the slots. */
export interface ScriptedNode {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** Answers commands; `undefined` is silence. */
  answer: Script;
  /** What came, other than questions about the cluster. */
  readonly commands: string[][];
  /** How often it was asked about the cluster. */
  questions: number;
  readonly server: ScriptedRedis;
}

/** First and last slot, and which node has them: what every node says. */
export type SlotTable = readonly (readonly [number, number, Pick<ScriptedNode, 'host' | 'port'>])[];

export interface ScriptedCluster {
  readonly nodes: readonly ScriptedNode[];
  slots: SlotTable;
}

/** Nodes that share the slots evenly and answer every read with `value of <key> from <number of the node>`. */
export async function openScriptedCluster(count: number): Promise<ScriptedCluster> {
  const cluster: { nodes: ScriptedNode[]; slots: SlotTable } = { nodes: [], slots: [] };
  for (let index = 0; index < count; index++) cluster.nodes.push(await openNode(cluster, index));
  const border = (index: number) => Math.floor((index * 16_384) / count);
  cluster.slots = cluster.nodes.map((node, index) => [border(index), border(index + 1) - 1, node] as const);
  return cluster;
}

async function openNode(cluster: ScriptedCluster, index: number): Promise<ScriptedNode> {
  const server = await ScriptedRedis.open((command) => {
    if (command[0] === 'CLUSTER') {
      node.questions += 1;
      return slotsReply(cluster.slots);
    }
    node.commands.push([...command]);
    return node.answer(command);
  });
  atEnd(() => server.close());
  const { hostname: host, port } = new URL(server.url);
  const node: ScriptedNode = {
    host,
    port: Number(port),
    url: server.url,
    answer: (command) => usualAnswer(command, index),
    commands: [],
    questions: 0,
    server,
  };
  return node;
}

/** What a node answers to those commands that operations send. */
export function usualAnswer([name, ...args]: readonly string[], index: number): string | undefined {
  if (name === 'PTTL') return ':-1\r\n';
  if (name === 'GET') return blob(`value of ${args[0]} from ${index}`);
  if (name === 'MGET')
    return `*${args.length}\r\n${args.map((key) => blob(`value of ${key} from ${index}`)).join('')}`;
  if (name === 'UNLINK') return `:${args.length}\r\n`;
  if (name === 'EXEC') return '*1\r\n+OK\r\n';
  return '+OK\r\n';
}

function slotsReply(slots: SlotTable): string {
  const ranges = slots.map(
    ([first, last, { host, port }]) =>
      `*3\r\n:${first}\r\n:${last}\r\n*3\r\n${blob(host)}:${port}\r\n${blob('id')}`,
  );
  return `*${ranges.length}\r\n${ranges.join('')}`;
}
