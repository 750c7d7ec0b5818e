import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { ByteFlips } from './byte-flips.js';
import { Road } from './road.js';
import type { ProxyTarget, TcpProxy } from './tcp-proxy.js';
import type { Way, Weather } from './weather.js';

/** Listens on a free port of the loopback and passes everything on to the target, until a test says otherwise. */
export async function startProxy(target: ProxyTarget): Promise<TcpProxy> {
  const proxy = new ScriptedProxy(target);
  await proxy.listen();
  return proxy;
}

class ScriptedProxy implements TcpProxy {
  accepted = 0;
  #target: ProxyTarget;
  readonly #roads = new Set<Road>();
  readonly #weather: Weather = { delayMs: 0, blocked: new Set(), ambushes: [], flips: new ByteFlips() };
  readonly #server: Server = createServer((client) => this.#accept(client));
  #closed: Promise<unknown> | undefined;

  constructor(target: ProxyTarget) {
    this.#target = target;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get connections(): number {
    return [...this.#roads].filter((road) => road.isOpen).length;
  }

  delay(ms: number): void {
    if (!(ms >= 0 && ms < 2 ** 31))
      throw new RangeError(`delay(${ms}): milliseconds from 0 to 2^31 are accepted`);
    this.#weather.delayMs = ms;
    this.#weatherChanged();
  }

  blackhole(way: Way | 'both'): void {
    for (const each of way === 'both' ? (['up', 'down'] as const) : [way]) this.#weather.blocked.add(each);
  }

  cut(): void {
    for (const road of [...this.#roads]) road.cut();
  }

  cutBefore(match: string): void {
    this.#weather.ambushes.push({ match, when: 'before' });
  }

  cutAfter(match: string): void {
    this.#weather.ambushes.push({ match, when: 'after' });
  }

  flip(what: number | { readonly seed: number }): void {
    if (typeof what === 'object') this.#weather.flips.bySeed(what.seed);
    else this.#weather.flips.at(what);
  }

  redirect(target: ProxyTarget): void {
    this.#target = target;
  }

  heal(): void {
    this.#weather.delayMs = 0;
    this.#weather.blocked.clear();
    this.#weather.ambushes = [];
    this.#weather.flips.stop();
    this.#weatherChanged();
  }

  async close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => this.#server.close(resolve));
    this.cut();
    await this.#closed;
  }

  #weatherChanged(): void {
    for (const road of [...this.#roads]) road.weatherChanged();
  }

  #accept(client: Socket): void {
    this.accepted += 1;
    const server = connect(this.#target.port, this.#target.host);
    const road: Road = new Road(client, server, this.#weather, () => this.#roads.delete(road));
    this.#roads.add(road);
  }
}
