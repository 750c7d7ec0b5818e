import type { SharedBackend } from '../ports/shared-backend.js';
import type { SharedRecord, SharedWrite } from '../ports/shared-record.js';
import type { HealthWatch } from './health-watch.js';
import type { SharedCounters } from './tier-stats.js';

type Operation = (...given: unknown[]) => unknown;
/** Counts an operation that did not fail. */
type Tally = (counters: SharedCounters, outcome: unknown, given: readonly unknown[]) => void;

const nothing: Tally = () => {};

const read: Tally = (counters, outcome) => {
  counters.reads++;
  for (const one of outcome as readonly (SharedRecord | undefined)[])
    counters.bytesRead += one?.data.byteLength ?? 0;
};

const write: Tally = (counters, outcome, [given]) => {
  // A backend's word for a failure, where it never rejects.
  if (outcome === false) return;
  counters.writes++;
  for (const { data } of [given].flat() as SharedWrite[]) counters.bytesWritten += data.byteLength;
};

const fill: Tally = (counters, outcome, given) => {
  if (outcome === true) write(counters, outcome, given);
  else if (outcome === false) counters.refusedFills++;
};

const commit: Tally = (counters, outcome, [, record]) => write(counters, outcome === 'stored', [record]);

const remove: Tally = (counters, outcome) => {
  if (outcome !== undefined) counters.deletes++;
};

/** Operations of a backend and of its leases. */
const TALLIES: ReadonlyMap<PropertyKey, Tally> = new Map<PropertyKey, Tally>([
  ...Object.entries({ read, write, fill, add: write, delete: remove, deleteIfEqual: remove, clear: remove }),
  ...Object.entries({
    commit,
    settle: write,
    invalidate: remove,
    claim: nothing,
    renew: nothing,
    release: nothing,
  }),
]);

/**
 * The same backend, counted, with its leases. A proxy, so that whatever else a backend has, or has not, is as it is there; the
 * backend itself is always called on itself.
 */
export function meteredBackend(
  backend: SharedBackend,
  counters: SharedCounters,
  watch: HealthWatch,
): SharedBackend {
  const failed = (error: unknown): unknown => {
    counters.failed(error);
    watch.check();
    return error;
  };
  const walk = async function* (keys: AsyncIterable<string>): AsyncIterable<string> {
    try {
      yield* keys;
    } catch (error) {
      throw failed(error);
    }
  };
  const metered = <Target extends object>(target: Target): Target => {
    let leases: object | undefined;
    const get = (_: object, name: PropertyKey): unknown => {
      const member: unknown = Reflect.get(target, name);
      if (name === 'atomic' && member !== undefined) {
        leases ??= metered(member as object);
        return leases;
      }
      if (typeof member !== 'function') return member;
      if (name === 'scan') return (prefix: string) => walk(backend.scan(prefix));
      const tally = TALLIES.get(name);
      if (tally === undefined) return member.bind(target);
      return async (...given: unknown[]): Promise<unknown> => {
        try {
          const outcome = await (member as Operation).apply(target, given);
          tally(counters, outcome, given);
          return outcome;
        } catch (error) {
          throw failed(error);
        }
      };
    };
    // Around nothing: a proxy may not show other members than a frozen object has.
    return new Proxy<Target>({} as Target, { get });
  };
  return metered(backend);
}
