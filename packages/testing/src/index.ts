export type { ScriptedSharedFault, SharedFault, SharedOperation } from './chaos-runs.js';
export { ChaosSerializer, type SerializerFault, type SerializerOperation } from './chaos-serializer.js';
export { ChaosSharedBackend } from './chaos-shared-backend.js';
export {
  type AtomicStoreContractOptions,
  type AtomicStoreTest,
  atomicStoreContract,
} from './contracts/atomic-store-contract.js';
export type { ContractRunner, ContractSkip } from './contracts/contract-suite.js';
export {
  type LocalBackendContractOptions,
  type LocalBackendTest,
  localBackendContract,
} from './contracts/local-backend-contract.js';
export type { LocalBounds } from './contracts/local-subject.js';
export {
  type SerializerContractOptions,
  type SerializerTest,
  serializerContract,
} from './contracts/serializer-contract.js';
export type { SerializerValue } from './contracts/serializer-values.js';
export {
  type SharedBackendContractOptions,
  type SharedBackendTest,
  sharedBackendContract,
} from './contracts/shared-backend-contract.js';
export { FakeClock } from './fake-clock.js';
export { FaultScript, type ScriptedFault } from './fault-script.js';
export { type Gate, gate } from './gate.js';
export { MemoryAtomicStore, type MemoryAtomicStoreOptions } from './memory-atomic-store.js';
export type { MemoryRecord } from './memory-records.js';
export { MemorySharedBackend, type MemorySharedBackendOptions } from './memory-shared-backend.js';
export { TestEntry } from './test-entry.js';
export { type Hook, type UseNullCacheOptions, useNullCache } from './use-null-cache.js';
export { withCache, withDefaultCache } from './with-cache.js';
