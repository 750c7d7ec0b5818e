/** How the URL, or the reason why there is none, reaches the processes of a test runner. */
export const URL_VARIABLE = 'RECOLLECT_TEST_REDIS_URL';
export const ERROR_VARIABLE = 'RECOLLECT_TEST_REDIS_ERROR';

/**
 * The Redis that the global setup found.
 *
 * @throws Error when it found none, with what it tried, and when it did not run.
 */
export function testRedisUrl(): string {
  const url = process.env[URL_VARIABLE];
  if (url) return url;
  const { [ERROR_VARIABLE]: reason } = process.env;
  throw new Error(
    reason ||
      `${URL_VARIABLE} is not set: the global setup did not run. For jest, say globalSetup: ` +
        `'@recollect/testing/redis-setup' and globalTeardown: '@recollect/testing/redis-teardown'; elsewhere call findRedis()`,
  );
}
