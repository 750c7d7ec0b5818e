import { checkHistory, type Verdict } from '../../src/checker/check-history.js';
import type { Rules } from '../../src/checker/rules.js';
import type {
  Amnesia,
  FaultRecord,
  History,
  Load,
  Operation,
  ProcessRecord,
} from '../../src/history/history.js';
import type { SiteMode } from '../../src/history/site-spec.js';

const RULES: Rules = {
  sites: [
    { name: 'plain', mode: 'plain', tiers: 'shared' },
    { name: 'tiered', mode: 'plain', tiers: 'both' },
    { name: 'least', mode: 'at_least_once', tiers: 'shared' },
    { name: 'most', mode: 'at_most_once', tiers: 'shared' },
  ],
  settleWithin: 1_000,
  late: 10,
  deadline: 50,
  lag: 20,
  landing: 5,
  errorEndsEpoch: true,
};

const SITES: Readonly<Record<SiteMode, string>> = {
  plain: 'plain',
  at_least_once: 'least',
  at_most_once: 'most',
};

type Rest<T, Given extends keyof T> = Partial<Omit<T, Given>>;

/**
 * A history, written by hand: about the key `k` of one site, by processes `a`, `b`, … that live in places of their own.
 * Times are from 0 on.
 */
export class Story {
  readonly operations: Operation[] = [];
  readonly loads: Load[] = [];
  readonly faults: FaultRecord[] = [];
  readonly amnesias: Amnesia[] = [];
  readonly leftovers: string[] = [];
  readonly processes = new Map<string, ProcessRecord>();
  #site: string;

  constructor(mode: SiteMode, site = SITES[mode]) {
    this.#site = site;
  }

  /** `a` calls and gets the value of the load (or what `more` says). */
  call(
    process: string,
    start: number,
    end: number | undefined,
    load?: string,
    more: Rest<Operation, 'start'> = {},
  ): string {
    const value =
      load === undefined ? {} : { outcome: { is: 'value', load, subject: `${this.#site}/k` } as const };
    return this.#operation('call', process, start, end, { ...value, ...more });
  }

  invalidate(
    process: string,
    start: number,
    end: number | undefined,
    more: Rest<Operation, 'start'> = {},
  ): string {
    return this.#operation('invalidate', process, start, end, { outcome: { is: 'done' }, ...more });
  }

  resolve(
    process: string,
    start: number,
    end: number | undefined,
    more: Rest<Operation, 'start'> = {},
  ): string {
    return this.#operation('resolve', process, start, end, { outcome: { is: 'done' }, ...more });
  }

  /** A load that goes well (or as `more` says). */
  load(
    id: string,
    process: string,
    start: number,
    end: number | undefined,
    more: Rest<Load, 'start'> = {},
  ): this {
    this.#live(process);
    const ended = end === undefined ? {} : { end, outcome: 'value' as const };
    this.loads.push({ id, process, site: this.#site, key: 'k', start, ...ended, ...more });
    return this;
  }

  fault(kind: string, start: number, end: number, more: Partial<FaultRecord> = {}): this {
    this.faults.push({ kind, start, end, holdsBack: true, ...more });
    return this;
  }

  process(name: string, more: Partial<ProcessRecord> = {}): this {
    this.#live(name);
    this.processes.set(name, { ...(this.processes.get(name) as ProcessRecord), ...more });
    return this;
  }

  get history(): History {
    const { operations, loads, faults, amnesias, leftovers, processes } = this;
    return { operations, loads, faults, amnesias, leftovers, processes: [...processes.values()] };
  }

  check(rules: Partial<Rules> = {}): Verdict {
    return checkHistory(this.history, { ...RULES, ...rules });
  }

  /** The numbers of the invariants that are violated, `I2` for instance, one for each violation. */
  violated(rules: Partial<Rules> = {}): string[] {
    return this.check(rules).violations.map(({ invariant }) => invariant.split(' ', 1)[0] ?? '');
  }

  #operation(
    kind: Operation['kind'],
    process: string,
    start: number,
    end: number | undefined,
    more: Rest<Operation, 'start'>,
  ): string {
    this.#live(process);
    const id = more.id ?? `${process}:${this.operations.length + 1}`;
    const { outcome, ...rest } = more;
    const ended = end === undefined ? {} : { end, ...(outcome && { outcome }) };
    this.operations.push({
      id,
      process,
      kind,
      site: this.#site,
      key: 'k',
      calm: false,
      start,
      ...ended,
      ...rest,
    });
    return id;
  }

  #live(name: string): void {
    if (this.processes.has(name)) return;
    const worker = name.charCodeAt(0) - 'a'.charCodeAt(0);
    this.processes.set(name, {
      name,
      worker,
      started: 0,
      ended: 10_000,
      end: 'exited',
      code: 0,
      troubles: [],
      losses: [],
      stalls: [],
    });
  }
}
