import type { FaultRecord, History, Load, Operation, ProcessRecord } from '../history/history.js';
import { subjectOf } from '../history/history.js';
import type { SiteSpec } from '../history/site-spec.js';
import { type Boundary, boundariesOf } from './boundary.js';
import type { Rules } from './rules.js';

/** Everything that concerns one key of one site, in the order in which it began. */
export interface Subject {
  readonly name: string;
  readonly site: SiteSpec;
  readonly calls: readonly Operation[];
  readonly loads: readonly Load[];
  /** Where an epoch may have ended. */
  readonly invalidations: readonly Boundary[];
  /** Values that were stored by hand. */
  readonly resolutions: readonly Boundary[];
}

/** A history, sorted by subject, with what the checks look up in it. */
export class Timeline {
  readonly #loads: ReadonlyMap<string, Load>;
  readonly #operations: ReadonlyMap<string, Operation>;
  readonly #processes: ReadonlyMap<string, ProcessRecord>;
  readonly subjects: readonly Subject[];

  constructor(
    readonly history: History,
    readonly rules: Rules,
  ) {
    this.#loads = new Map(history.loads.map((load) => [load.id, load]));
    this.#operations = new Map(history.operations.map((operation) => [operation.id, operation]));
    this.#processes = new Map(history.processes.map((process) => [process.name, process]));
    this.subjects = this.#sorted();
  }

  load(id: string): Load | undefined {
    return this.#loads.get(id);
  }

  operation(id: string): Operation | undefined {
    return this.#operations.get(id);
  }

  readonly process = (name: string): ProcessRecord | undefined => this.#processes.get(name);

  /** Faults that befell the process, or everybody. */
  faultsOn(process: string): readonly FaultRecord[] {
    const worker = this.process(process)?.worker;
    return this.history.faults.filter((fault) => fault.worker === undefined || fault.worker === worker);
  }

  #sorted(): Subject[] {
    const byStart = (one: { start: number }, other: { start: number }): number => one.start - other.start;
    const operations = group(this.history.operations);
    const loads = group(this.history.loads);
    const names = new Set([...operations.keys(), ...loads.keys()]);
    return [...names].sort().flatMap((name) => {
      const mine = operations.get(name) ?? [];
      const site = this.rules.sites.find((one) => name.startsWith(`${one.name}/`));
      if (site === undefined || name === `${site.name}/*`) return [];
      const ofAll = operations.get(`${site.name}/*`) ?? [];
      const changes = [...mine, ...ofAll].filter(({ kind }) => kind !== 'call').sort(byStart);
      return {
        name,
        site,
        calls: mine.filter(({ kind }) => kind === 'call').sort(byStart),
        loads: [...(loads.get(name) ?? [])].sort(byStart),
        invalidations: boundariesOf(
          this,
          changes.filter(({ kind }) => kind !== 'resolve'),
        ),
        resolutions: boundariesOf(
          this,
          changes.filter(({ kind }) => kind === 'resolve'),
        ),
      };
    });
  }
}

function group<T extends { readonly site: string; readonly key: string }>(
  items: readonly T[],
): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = subjectOf(item);
    const mine = groups.get(name);
    if (mine === undefined) groups.set(name, [item]);
    else mine.push(item);
  }
  return groups;
}
