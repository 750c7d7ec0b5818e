export type { Disk } from './disk.js';
export { FileSystemCache, type FileSystemCacheSurroundings } from './file-system-cache.js';
export type { FileSystemCacheOptions } from './options.js';
export { fileSystem } from './plugin.js';
