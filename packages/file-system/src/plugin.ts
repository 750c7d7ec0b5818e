import type { BackendPlugin } from 'recollect';
import { FileSystemCache } from './file-system-cache.js';
import type { FileSystemCacheOptions } from './options.js';

declare module 'recollect' {
  interface SharedBackendKinds {
    FileSystemCache: FileSystemCacheOptions;
  }
}

/** Makes `FileSystemCache` known by name: `configureCache({ use: [fileSystem()], … })`. */
export function fileSystem(): BackendPlugin {
  return Object.freeze({ name: 'file-system', shared: Object.freeze({ FileSystemCache }) });
}
