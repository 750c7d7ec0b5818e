/**
 * The folders of packages/recollect/src. A file imports from its own folder and from those before it;
 * the files beside the folders are the doors of the package and may import from all of them.
 */
export const rooms = [
  'ports',
  'model',
  'keys',
  'backends',
  'serializers',
  'resilience',
  'invalidation',
  'observe',
  'engine',
  'runtime',
  'decorators',
];

/**
 * Which packages, by folder, the sources of a package may import. One that is missing here is an error.
 *
 * @type {Record<string, string[]>}
 */
export const mayImport = {
  recollect: [],
  redis: ['recollect'],
  'file-system': ['recollect'],
  keyv: ['recollect'],
  strategies: ['recollect'],
  testing: ['recollect'],
  inspector: ['recollect'],
  opentelemetry: ['recollect', 'inspector'],
  nestjs: ['recollect', 'inspector'],
  fastify: ['recollect', 'inspector'],
  express: ['recollect', 'inspector'],
  cli: [
    'recollect',
    'redis',
    'file-system',
    'keyv',
    'strategies',
    'testing',
    'inspector',
    'opentelemetry',
    'nestjs',
    'fastify',
    'express',
  ],
  benchmarks: ['recollect', 'redis', 'file-system', 'keyv', 'strategies', 'testing'],
  nemesis: ['recollect', 'redis', 'testing'],
};

/**
 * Packages whose sources must load in any runtime of the language, with the files that are excepted.
 *
 * @type {Record<string, string[]>}
 */
export const withoutNode = { recollect: [] };
