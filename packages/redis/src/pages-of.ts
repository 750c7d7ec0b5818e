import { scanPage } from './commands.js';
import type { Walk } from './route/route.js';
import type { Wire } from './wire.js';

/** The keys of one server that start with the prefix, as bytes, 500 a step; some of them twice. */
export async function* pagesOf(
  { step }: Walk,
  prefix: string,
): AsyncGenerator<readonly Buffer[], void, undefined> {
  let cursor = '0';
  let first: Wire | undefined;
  do {
    const [next, keys] = await step(async (wire) => {
      // A cursor means nothing to another server process: going on there would skip keys without a word.
      first ??= wire;
      if (wire !== first) throw new Error('the connection was lost on the way');
      return scanPage(wire, cursor, prefix);
    });
    yield keys;
    cursor = next;
  } while (cursor !== '0');
}
