/** The part of reflect-metadata used here, if the application has loaded it. */
interface MetadataReflect {
  getOwnMetadataKeys?(target: object): unknown[];
  getOwnMetadata?(key: unknown, target: object): unknown;
  defineMetadata?(key: unknown, value: unknown, target: object): void;
}

/**
 * Makes the wrapper look like the method: name, length, own properties, and the metadata that other decorators have put
 * on the function. What is put on it later lands on the wrapper anyway.
 */
export function mimic(wrapper: object, method: object): void {
  for (const key of Reflect.ownKeys(method)) {
    const own = Reflect.getOwnPropertyDescriptor(wrapper, key);
    const theirs = Reflect.getOwnPropertyDescriptor(method, key);
    if (theirs !== undefined && key !== 'prototype' && own?.configurable !== false)
      Object.defineProperty(wrapper, key, theirs);
  }
  const { getOwnMetadataKeys, getOwnMetadata, defineMetadata } = Reflect as MetadataReflect;
  if (!getOwnMetadataKeys || !getOwnMetadata || !defineMetadata) return;
  for (const key of getOwnMetadataKeys(method)) defineMetadata(key, getOwnMetadata(key, method), wrapper);
}
