import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

const built = new URL('../../dist/index.js', import.meta.url).href;

/** Runs a module in a Node of its own; resolves with what it printed and how long it lived. */
async function run(body: string): Promise<{ stdout: string; ms: number }> {
  const start = performance.now();
  const source = `import { cached, cachedFunction, configureCache, createCache } from ${JSON.stringify(built)};\n${body}`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--unhandled-rejections=strict', '--expose-gc', '--input-type=module', '--eval', source],
    { cwd: fileURLToPath(new URL('.', import.meta.url)), timeout: 10_000 },
  );
  return { stdout, ms: performance.now() - start };
}

const use =
  "const fn = cache.cachedFunction(async (n) => n, { name: 'fn', hours: 1 }); await fn(1); await fn(1);";

describe('a process', () => {
  test('that imports, uses and closes the cache ends by itself', async () => {
    const { stdout, ms } = await run(
      `const cache = createCache(); ${use} await cache.close(); console.log('done');`,
    );
    expect(stdout).toBe('done\n');
    expect(ms).toBeLessThan(5_000);
  });

  test('that forgets to close it does, too, because no timer of the cache counts', async () => {
    const { stdout } = await run(
      `const cache = createCache(); ${use} console.log(process.getActiveResourcesInfo().includes('Timeout'));`,
    );
    expect(stdout).toBe('false\n');
  });

  test('may await close while nothing else keeps it alive', async () => {
    const { stdout } = await run(
      `const cache = createCache({ shared: { kind: class { kind = 'Slow'; corrupt = 'raise';
        async read(keys) { return keys.map(() => undefined); } async add(r) { return r.data; } write() { return new Promise(() => {}); }
        async close() {} } } });
      const fn = cache.cachedFunction(async (n) => n, { name: 'fn', hours: 1 }); await fn(1);
      await cache.close({ deadlineMs: 50 }); console.log('closed');`,
    );
    expect(stdout).toBe('closed\n');
  });

  test('that is idle lets go of the instance it saw last', async () => {
    const { stdout } = await run(
      `const { cached: local } = createCache();
      class Service { read(id) { return id; } }
      const member = { value: Service.prototype.read, configurable: true, writable: true };
      local({ minutes: 1, localOnly: true })(Service.prototype, 'read', member);
      Object.defineProperty(Service.prototype, 'read', member);
      const seen = (() => { const service = new Service(); service.read(1); service.read(1); return new WeakRef(service); })();
      const until = performance.now() + 8_000;
      while (seen.deref() !== undefined && performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        gc();
      }
      console.log(seen.deref() === undefined);`,
    );
    expect(stdout).toBe('true\n');
  }, 15_000);

  test('two copies of the package share one default runtime', async () => {
    const { stdout } = await run(
      `const other = await import(${JSON.stringify(`${built}?copy`)});
      configureCache({ namespace: 'shared-slot' }); console.log(other.currentCache().info());`,
    );
    expect(stdout).toContain("'shared-slot'");
  });
});
