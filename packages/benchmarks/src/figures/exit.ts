import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LeaverNews } from '../children/leaver.js';
import type { Figure, Row } from '../figure.js';
import { type OwnRedis, startOwnRedis } from '../own-redis.js';

const ROUNDS = 5;
const MOST_MS = 1_000;
/** How long the very first connection may take by default, to a server that takes it and says nothing. */
const CONNECT_MS = 2_000;
const ENTRY = fileURLToPath(new URL('../figures.js', import.meta.url));

interface Exit {
  readonly code: number | null;
  readonly stderr: string;
  /** From the first statement after the imports to the last call. */
  readonly usedMs: number;
  /** From the call of `close` to the end of the process. */
  readonly closedMs: number;
}

/** What happens to the server: before the process begins, or, where its name ends so, between its calls. */
const CASES = ['up', 'down', 'frozen', 'down meanwhile', 'frozen meanwhile'] as const;
type Case = (typeof CASES)[number];

/** A process that uses a cache and closes it ends by itself, whatever the server does. */
export const exit: Figure = {
  title: `a process that uses and closes a cache ends with code 0, within ${MOST_MS} ms of closing it`,
  async measure({ scale }) {
    const rows: Row[] = [];
    const missed: string[] = [];
    for (const each of CASES) {
      const exits: Exit[] = [];
      for (let round = 0; round < ROUNDS * scale; round += 1) exits.push(await leave(each));
      const slowest = (of: 'usedMs' | 'closedMs'): number => Math.max(...exits.map((one) => one[of]));
      const codes = [...new Set(exits.map(({ code }) => String(code)))].join(', ');
      rows.push({
        Redis: each,
        rounds: exits.length,
        'exit codes': codes,
        'calls, slowest ms': slowest('usedMs'),
        'close to end, slowest ms': slowest('closedMs'),
      });
      if (codes !== '0')
        missed.push(`Redis ${each}: codes ${codes} ${exits.find(({ code }) => code !== 0)?.stderr}`);
      if (slowest('closedMs') > MOST_MS)
        missed.push(`Redis ${each}: ${slowest('closedMs')} ms from closing to the end`);
      const usable = each === 'frozen' ? CONNECT_MS + MOST_MS : MOST_MS;
      if (slowest('usedMs') > usable) missed.push(`Redis ${each}: calls took ${slowest('usedMs')} ms`);
    }
    return { rows, missed };
  },
};

async function leave(what: Case): Promise<Exit> {
  const server = await startOwnRedis();
  try {
    const isMeanwhile = what.endsWith('meanwhile');
    if (!isMeanwhile) await happen(what, server);
    const child = fork(ENTRY, ['--child', 'leaver', server.url, ...(isMeanwhile ? ['again'] : [])], {
      execArgv: ['--unhandled-rejections=strict'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const at: Partial<Record<LeaverNews['stage'], number>> = {};
    let stderr = '';
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('message', (news: LeaverNews) => {
      at[news.stage] = news.at;
      if (news.stage === 'has called' && isMeanwhile)
        void happen(what, server).then(() => child.send('go on'));
    });
    const [code] = await once(child, 'exit');
    const { begins = Number.NaN, closes = Number.NaN } = at;
    const usedMs = (at['has called'] ?? Number.NaN) - begins;
    return { code: code as number | null, stderr, usedMs, closedMs: Date.now() - closes };
  } finally {
    if (what.startsWith('frozen')) process.kill(server.pid, 'SIGCONT');
    await server.stop();
  }
}

async function happen(what: Case, server: OwnRedis): Promise<void> {
  if (what.startsWith('frozen')) process.kill(server.pid, 'SIGSTOP');
  if (what.startsWith('down')) await server.stop();
}
