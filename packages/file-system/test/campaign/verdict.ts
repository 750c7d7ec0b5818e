/**
 * What lies under a key of the campaign. At first a live record, the `seed`, or nothing, or an expired record. Then only
 * the seed is deleted; values go where a miss has read nothing, the seed, or a tombstone; tombstones are written over
 * whatever is there. So after its first tombstone a key never holds nothing again, and no value but of a later miss.
 */
export type Found =
  | { readonly kind: 'nothing' | 'seed' }
  | { readonly kind: 'added' | 'tombstone'; readonly id: string }
  | {
      readonly kind: 'value';
      /** When the read was over that missed; moments are milliseconds of the machine's monotonic clock. */
      readonly missed: number;
      /** The tombstone the miss had read, or what it was instead. */
      readonly over: string;
    };

/** What a process did. */
export type Deed =
  /** A tombstone was written, the whole of it between the two moments. */
  | {
      readonly deed: 'invalidated';
      readonly key: string;
      readonly id: string;
      readonly from: number;
      readonly to: number;
    }
  | { readonly deed: 'read'; readonly key: string; readonly from: number; readonly found: Found }
  /** A value took the place of a tombstone, or of what was there at first (`the start`); or `the seed` was deleted. */
  | { readonly deed: 'replaced'; readonly key: string; readonly over: string };

/** Everything that must not have happened, in words. */
export function findWrongs(deeds: readonly Deed[]): string[] {
  const byKey = new Map<string, Deed[]>();
  for (const each of deeds) {
    const others = byKey.get(each.key);
    if (others === undefined) byKey.set(each.key, [each]);
    else others.push(each);
  }
  return [...byKey.values()].flatMap((each) => [...wrongReads(each), ...wrongReplacements(each)]);
}

type Invalidation = Deed & { readonly deed: 'invalidated' };

function wrongReads(deeds: readonly Deed[]): string[] {
  const invalidations = deeds.filter((each): each is Invalidation => each.deed === 'invalidated');
  const ends = new Map(invalidations.map(({ id, to }) => [id, to]));
  const wrongs: string[] = [];
  for (const each of deeds) {
    if (each.deed !== 'read') continue;
    const last = latest(invalidations.filter(({ to }) => to < each.from));
    const why = last && whyWrong(each.found, last, ends);
    if (why)
      wrongs.push(`${each.key}: read from ${each.from} on: ${why} (tombstone of ${last.from} to ${last.to})`);
  }
  return wrongs;
}

/** Of those that were over before a read the one that began last: nothing from before it may stand. */
function latest(invalidations: readonly Invalidation[]): Invalidation | undefined {
  return invalidations.reduce<Invalidation | undefined>(
    (last, each) => (last === undefined || each.from > last.from ? each : last),
    undefined,
  );
}

function whyWrong(found: Found, last: Invalidation, ends: ReadonlyMap<string, number>): string | undefined {
  const isOlder = (id: string) => (ends.get(id) ?? Number.POSITIVE_INFINITY) < last.from;
  if (found.kind === 'tombstone') return isOlder(found.id) ? 'an older tombstone came back' : undefined;
  if (found.kind !== 'value') return `${found.kind} where a tombstone was written`;
  if (found.missed < last.from) return `a value loaded at ${found.missed}, before the tombstone`;
  if (found.over === 'nothing' || found.over === 'seed') return `a value put over ${found.over}`;
  return isOlder(found.over) ? 'a value put over an older tombstone' : undefined;
}

/** Whatever can be replaced was there once. */
function wrongReplacements(deeds: readonly Deed[]): string[] {
  const wrongs: string[] = [];
  const seen = new Set<string>();
  for (const each of deeds) {
    if (each.deed !== 'replaced') continue;
    if (seen.has(each.over)) wrongs.push(`${each.key}: ${each.over} was replaced twice`);
    seen.add(each.over);
  }
  return wrongs;
}
