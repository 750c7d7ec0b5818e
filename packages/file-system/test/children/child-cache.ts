import {
  FileSystemCache,
  type FileSystemCacheOptions,
  type FileSystemCacheSurroundings,
} from '@recollect/file-system';
import type { BackendContext } from 'recollect';

/** What the parent hands to a child, as JSON in the first argument. */
export function task<Task>(): Task & { readonly options: FileSystemCacheOptions } {
  return JSON.parse(process.argv[2] as string) as Task & { readonly options: FileSystemCacheOptions };
}

/** A cache on the real clocks. */
export function openCache(
  options: FileSystemCacheOptions,
  surroundings?: FileSystemCacheSurroundings,
  report: BackendContext['report'] = (failure) => console.error(failure),
): FileSystemCache {
  const clock = {
    now: () => performance.now(),
    coarse: Number.POSITIVE_INFINITY,
    after(ms: number, run: () => void) {
      const timer = setTimeout(run, ms).unref();
      return () => clearTimeout(timer);
    },
  };
  return new FileSystemCache(options, { clock, report }, surroundings);
}

/** Tells the parent. */
export function tell(message: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, undefined, undefined, (error) => (error ? reject(error) : resolve()));
  });
}

/** The next message of the parent. */
export function hear<Message>(): Promise<Message> {
  return new Promise((resolve) => process.once('message', resolve as (message: unknown) => void));
}
