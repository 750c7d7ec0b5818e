/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

/** Tests run against the sources; decorators are lowered by TypeScript, once per dialect. */
const project = (displayName: string, tsconfig: string, testMatch: string[], ignore: string[]): Config => ({
  displayName,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, tsconfig: `<rootDir>/${tsconfig}` }] },
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^recollect$': '<rootDir>/packages/recollect/src/index.ts',
    '^recollect/(.+)$': '<rootDir>/packages/recollect/src/$1.ts',
    '^@recollect/([^/]+)$': '<rootDir>/packages/$1/src/index.ts',
    '^@recollect/([^/]+)/(.+)$': '<rootDir>/packages/$1/src/$2.ts',
  },
  modulePathIgnorePatterns: ['/dist/'],
  testMatch: testMatch.map((pattern) => `<rootDir>/${pattern}`),
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...ignore],
});

const config: Config = {
  // In ESM mode the modules of a test file stay in memory; a process that has run many of them spends its time collecting.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '700MB',
  // Compiled: in ESM mode jest cannot load a setup that imports TypeScript.
  globalSetup: '<rootDir>/packages/testing/dist/redis-setup.js',
  globalTeardown: '<rootDir>/packages/testing/dist/redis-teardown.js',
  projects: [
    project(
      'standard',
      'tsconfig.test.json',
      ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts'],
      ['\\.legacy\\.test\\.ts$'],
    ),
    project(
      'legacy',
      'tsconfig.test.legacy.json',
      ['packages/*/test/**/*.{legacy,both}.test.ts', 'examples/*/test/**/*.{legacy,both}.test.ts'],
      [],
    ),
  ],
};

export default config;
