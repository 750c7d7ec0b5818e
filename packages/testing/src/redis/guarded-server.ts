import type { ChildProcess } from 'node:child_process';
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnServer } from './own-server.js';
import type { RedisBinary } from './redis-source.js';
import type { Reply } from './reply.js';
import { plainLines, type ServerSettings, settingLines } from './server-settings.js';
import { endOf, spawnGuarded } from './spawn-guarded.js';
import { type Credentials, tellServer } from './tell-server.js';

const START_MS = 15_000;

/** All that a server is started from. */
export interface ServerPlan {
  readonly binary: RedisBinary;
  readonly directory: string;
  readonly port: number;
  readonly tlsPort: number | undefined;
  readonly credentials: Credentials;
  /** What the starter decides. */
  readonly fixed: ServerSettings;
  /** What the caller wants; it stands behind and so wins. */
  readonly settings: ServerSettings;
  /** Behind the name of the configuration. */
  readonly options?: readonly string[];
}

export class GuardedServer implements OwnServer {
  readonly port: number;
  readonly url: string;
  readonly tlsUrl: string | undefined;
  readonly directory: string;
  readonly #plan: ServerPlan;
  #pid = 0;
  #process: { readonly child: ChildProcess; readonly ended: Promise<void>; hasEnded: boolean } | undefined;

  constructor(plan: ServerPlan) {
    this.#plan = plan;
    this.port = plan.port;
    this.url = `redis://127.0.0.1:${plan.port}`;
    this.tlsUrl = plan.tlsPort === undefined ? undefined : `rediss://localhost:${plan.tlsPort}`;
    this.directory = plan.directory;
  }

  get pid(): number {
    return this.#pid;
  }

  get isRunning(): boolean {
    return this.#process !== undefined && !this.#process.hasEnded;
  }

  /** Writes its configuration and starts it for the first time. */
  async begin(): Promise<void> {
    const { fixed, settings, credentials, port, directory } = this.#plan;
    const own = {
      port,
      bind: '127.0.0.1',
      dir: directory,
      daemonize: 'no',
      save: '',
      user: `${credentials.username} on >${credentials.password} ~* &* +@all`,
    };
    await mkdir(directory, { recursive: true });
    await appendFile(this.#configuration, plainLines(own) + plainLines(fixed) + settingLines(settings));
    await this.#start();
  }

  command(...words: readonly string[]): Promise<Reply> {
    return tellServer(this.port, this.#plan.credentials, words);
  }

  freeze(): void {
    this.#signal('SIGSTOP');
  }

  thaw(): void {
    this.#signal('SIGCONT');
  }

  async kill(): Promise<void> {
    const running = this.#process;
    if (running === undefined) return;
    running.child.ref();
    // The guard kills, not we: it knows that the number is still that of its server.
    running.child.stdio[3]?.destroy();
    await running.ended;
  }

  async restart(settings: ServerSettings = {}): Promise<void> {
    const lines = settingLines(settings);
    await this.kill();
    await appendFile(this.#configuration, lines);
    await this.#start();
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  get #configuration(): string {
    return join(this.directory, 'redis.conf');
  }

  #signal(signal: NodeJS.Signals): void {
    if (!this.isRunning) throw new Error(`${signal}: the server at port ${this.port} does not run`);
    process.kill(this.#pid, signal);
  }

  async #start(): Promise<void> {
    const logFile = join(this.directory, 'log');
    const { binary, options = [] } = this.#plan;
    const child = spawnGuarded(binary, [this.#configuration, ...options], logFile);
    const ended = endOf(child);
    const running = { child, ended, hasEnded: false };
    this.#process = running;
    void ended.then(() => {
      running.hasEnded = true;
    });
    const giveUp = performance.now() + START_MS;
    for (;;) {
      const pid = await this.#answers();
      if (pid !== undefined) {
        this.#pid = pid;
        return;
      }
      if (!running.hasEnded && performance.now() < giveUp) {
        await sleep(3);
        continue;
      }
      await this.kill();
      const said = (await readFile(logFile, 'utf8').catch(String)).trim().split('\n').slice(-3).join(' | ');
      throw new Error(`${binary.path} did not start at port ${this.port}: ${said || 'it said nothing'}`);
    }
  }

  /** The number of its process when it is ours: another's server at this port has another configuration. */
  async #answers(): Promise<number | undefined> {
    const told = tellServer(this.port, this.#plan.credentials, ['INFO', 'server'], 1_000);
    const info = String(await told.catch(() => ''));
    if (!info.includes(`config_file:${this.#configuration}\r\n`)) return undefined;
    return Number(/process_id:(\d+)/.exec(info)?.[1]);
  }
}
