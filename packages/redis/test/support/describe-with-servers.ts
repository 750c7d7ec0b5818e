import { describe } from '@jest/globals';
import { whyNoRedisBinary } from '@recollect/testing/redis';

const reason = await whyNoRedisBinary();

/** For what needs servers of our own: where there is no program to start, the tests are skipped and the name says why. */
export function describeWithServers(name: string, body: () => void): void {
  if (reason === undefined) describe(name, body);
  else describe.skip(`${name} (${reason})`, body);
}
