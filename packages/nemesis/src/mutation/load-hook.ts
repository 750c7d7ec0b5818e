/** Runs in the thread of the module loader; see https://nodejs.org/api/module.html#customization-hooks. */
import type { InitializeHook, LoadHook } from 'node:module';
import { type Mutation, mutated } from './mutations.js';

let mutation: Mutation | undefined;

export const initialize: InitializeHook<Mutation> = (given) => {
  mutation = given;
};

export const load: LoadHook = async (url, context, next) => {
  const loaded = await next(url, context);
  if (mutation === undefined || !url.endsWith(`/packages/${mutation.file}`)) return loaded;
  const { source } = loaded;
  const text = typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString();
  return { ...loaded, source: mutated(text, mutation) };
};
