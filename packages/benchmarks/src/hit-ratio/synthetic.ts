import { seeded } from '../seeded.js';
import { type Trace, traceOf } from './trace.js';

const ACCESSES = 300_000;
const SIZES = [50, 100, 250, 500, 950, 1_500, 2_500, 5_000];

/** What is accessed at a moment. */
type Access = (at: number) => number;
type Random = () => number;

/** Workloads by what they do to a cache. Each is made anew of its seed. */
const WORKLOADS: Readonly<Record<string, (random: Random) => Access>> = {
  'zipf 0.6': (random) => zipf(random, 50_000, 0.6),
  'zipf 0.8': (random) => zipf(random, 50_000, 0.8),
  'zipf 1.0': (random) => zipf(random, 50_000, 1),
  'zipf 1.2': (random) => zipf(random, 50_000, 1.2),
  // The same again and again, a little more than fits into one of the sizes.
  loop: () => (at) => at % 1_000,
  'loop and noise': (random) => (at) => (random() < 0.3 ? 1e6 + below(random, 20_000) : at % 1_000),
  // A quarter of the time everything is walked through once.
  'zipf and scans': (random) => {
    const popular = zipf(random, 10_000, 0.9);
    return (at) => (at % 20_000 < 5_000 ? 1e6 + at : popular(at));
  },
  'zipf and one scan repeated': (random) => {
    const popular = zipf(random, 10_000, 0.9);
    return (at) => (at % 20_000 < 8_000 ? 1e6 + (at % 20_000) : popular(at));
  },
  // What is popular changes: all at once, the most popular first, a little at a time, and with age.
  'hot set replaced': (random) => {
    const popular = zipf(random, 5_000, 1);
    return (at) => 1e5 * Math.floor(at / 40_000) + popular(at);
  },
  'hot set sliding': (random) => {
    const popular = zipf(random, 5_000, 1);
    return (at) => 1_000 * Math.floor(at / 20_000) + popular(at);
  },
  'hot set renewed': (random) => renewed(random),
  news: (random) => {
    const age = zipf(random, 8_000, 0.9);
    return (at) => 1e6 + Math.floor(at / 20) - age(at);
  },
  'working sets': (random) => workingSets(random),
  sessions: (random) => sessions(random),
  bursts: (random) => bursts(random),
  // Each thing a few times, and never again.
  'twice, 300 apart': () => (at) => Math.max(0, (at >> 1) - (at & 1) * 300),
  'twice, 1000 apart': () => (at) => Math.max(0, (at >> 1) - (at & 1) * 1_000),
  'thrice, 300 apart': () => (at) => Math.max(0, Math.floor(at / 3) - (at % 3) * 300),
  // Recency is all there is to know: the older, the less likely.
  'recent 200': (random) => (at) => 1e6 + (at >> 2) - exponential(random, 200),
  'recent 1000': (random) => (at) => 1e6 + (at >> 2) - exponential(random, 1_000),
  // Drawn by the place in order of recency: there is no better order than the least recently used.
  'stack, exponential': (random) => stack(random, () => exponential(random, 500), 0.05),
  'stack, uniform': (random) => stack(random, () => below(random, 1_000), 0.1),
  'stack, heavy tail': (random) =>
    stack(random, () => Math.floor(20 * ((1 - random()) ** (-1 / 0.7) - 1)), 0),
  'four phases': (random) => phases(random),
};

/** All workloads, each of the same number of accesses. */
export function* syntheticTraces(seed: number): Generator<Trace> {
  for (const [name, workload] of Object.entries(WORKLOADS)) {
    const access = workload(seeded(seed));
    yield traceOf(
      name,
      Array.from({ length: ACCESSES }, (_, at) => access(at)),
      () => SIZES,
    );
  }
}

function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

function exponential(random: Random, mean: number): number {
  return Math.floor(-Math.log(1 - random()) * mean);
}

/** Of `count` things the n-th is drawn in proportion to n to the power of minus `exponent`. */
function zipf(random: Random, count: number, exponent: number): Access {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let n = 0; n < count; n += 1) {
    sum += (n + 1) ** -exponent;
    sums[n] = sum;
  }
  return () => {
    const drawn = random() * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] as number) < drawn) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

function renewed(random: Random): Access {
  const rank = zipf(random, 8_000, 0.9);
  const things = Array.from({ length: 8_000 }, (_, n) => n);
  return (at) => {
    if (at % 20 === 0) things[below(random, 8_000)] = 8_000 + at;
    return things[rank(at)] as number;
  };
}

function workingSets(random: Random): Access {
  const rank = zipf(random, 4_000, 1);
  let set: number[] = [];
  return (at) => {
    if (at % 5_000 === 0) set = Array.from({ length: 1_500 }, () => rank(at) + (random() < 0.5 ? 1e5 : 0));
    return set[below(random, set.length)] as number;
  };
}

/** Two hundred visitors at a time, each with a few things of his own, and what all of them look at. */
function sessions(random: Random): Access {
  const common = zipf(random, 5_000, 0.9);
  const present = Array.from({ length: 200 }, (_, n) => n);
  let next = present.length;
  return (at) => {
    if (random() < 0.35) return common(at);
    const visitor = below(random, present.length);
    if (random() < 1 / 12) present[visitor] = next++;
    return 1e6 + (present[visitor] as number) * 8 + below(random, 4);
  };
}

function bursts(random: Random): Access {
  const rank = zipf(random, 20_000, 0.8);
  let [thing, left] = [0, 0];
  return (at) => {
    if (left > 0) left -= 1;
    else {
      thing = rank(at);
      left = random() < 0.5 ? 0 : below(random, 4);
    }
    return thing;
  };
}

function stack(random: Random, depth: () => number, fresh: number): Access {
  const recent: number[] = [];
  let next = 0;
  return () => {
    const at = random() < fresh ? recent.length : depth();
    const thing = at < recent.length ? (recent.splice(at, 1)[0] as number) : next++;
    recent.unshift(thing);
    if (recent.length > 6_000) recent.pop();
    return thing;
  };
}

function phases(random: Random): Access {
  const popular = zipf(random, 3_000, 1);
  const kinds: readonly Access[] = [
    popular,
    (at) => 5e6 + (at & 1 ? at - 601 : at),
    (at) => 1e6 + (at % 1_500),
    (at) => 2e6 + at - exponential(random, 3_000),
  ];
  return (at) => (kinds[Math.floor(at / 37_500) % kinds.length] as Access)(at);
}
