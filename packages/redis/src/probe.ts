import { repliedWith } from './replied-with.js';
import type { Wire } from './wire.js';

/** Commands of one kind, and what is lost without them. */
interface Ability {
  readonly name: string;
  readonly commands: (key: string) => readonly (readonly string[])[];
  readonly loss: string;
}

const NO_SCRIPT = '0'.repeat(40);
const CHANNEL = 'recollect:probe';
const OLDEST = 6;

const ABILITIES: readonly Ability[] = [
  {
    name: 'reading is',
    commands: (key) => [
      ['GET', key],
      ['MGET', key],
      ['PTTL', key],
    ],
    loss: 'nothing is answered from there',
  },
  { name: 'writing is', commands: (key) => [['SET', key, '', 'PX', '1']], loss: 'nothing is stored' },
  { name: 'deleting is', commands: (key) => [['UNLINK', key]], loss: 'nothing is deleted or cleared' },
  { name: 'walking is', commands: () => [['SCAN', '0']], loss: 'nothing is listed or cleared' },
  {
    name: 'publishing is',
    commands: () => [['PUBLISH', CHANNEL, '']],
    loss: 'other processes hear late of what changes',
  },
  {
    name: 'subscribing is',
    commands: () => [['SUBSCRIBE', CHANNEL]],
    loss: 'what other processes change is heard of late',
  },
];

/**
 * What the account may not do on this server, or the server cannot, in words that say what is lost. Nothing is executed:
 * the commands are queued in a transaction, where permissions are checked, and the transaction is discarded. The key is
 * one that operations name, as permissions depend on it.
 *
 * @param wire Nobody else's.
 */
export async function probe(wire: Wire, key: string): Promise<readonly string[]> {
  const mayWatch = await isAllowed(wire, ['WATCH', key]);
  const mayQueue = await isAllowed(wire, ['MULTI']);
  const losses: string[] = [];
  let mayRun = true;
  if (mayQueue) {
    for (const { name, commands, loss } of ABILITIES) {
      const answers = await Promise.all(commands(key).map((command) => isAllowed(wire, command)));
      if (answers.includes(false)) losses.push(`${name} not allowed: ${loss}`);
    }
    mayRun = await isAllowed(wire, ['EVALSHA', NO_SCRIPT, '1', key]);
    await isAllowed(wire, ['DISCARD']);
  } else {
    // What can be asked without it and without effect: a script that nobody has.
    mayRun = await isAllowed(wire, ['EVALSHA', NO_SCRIPT, '1', key]);
  }
  return [...losses, ...aboutComparing(mayRun, mayWatch && mayQueue), ...(await aboutServer(wire))];
}

function aboutComparing(mayRun: boolean, mayWatch: boolean): string[] {
  if (mayRun)
    return mayWatch ? [] : ['transactions are not allowed: what needs more than a script cannot be done'];
  return mayWatch
    ? ['scripts are not allowed: an outdated record is replaced more slowly, a damaged one is not removed']
    : ['scripts and transactions are not allowed: an outdated record is not replaced before it expires'];
}

async function aboutServer(wire: Wire): Promise<string[]> {
  let info: unknown;
  try {
    info = await wire.sendCommand(['INFO', 'server']);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return ['INFO is not allowed: what the server is and does with claims is not known'];
  }
  const [version, major] = /redis_version:(\d+)[.\d]*/.exec(String(info)) ?? [];
  if (version === undefined || Number(major) >= OLDEST) return [];
  return [`${version} is older than ${OLDEST}: what is needed may be missing`];
}

async function isAllowed(wire: Wire, command: readonly string[]): Promise<boolean> {
  try {
    await wire.sendCommand(command);
    return true;
  } catch (error) {
    // Whatever else is wrong with it shows when it is used.
    return !isRefusal(error);
  }
}

/** Not where the one channel is refused that was tried: which are used is known elsewhere. */
function isRefusal(error: unknown): boolean {
  return repliedWith(error, 'NOPERM', 'ERR unknown command') && !/channel/.test(String(error));
}
