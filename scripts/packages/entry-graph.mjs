import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { root } from '../workspace.mjs';

/** @typedef {import('../workspace.mjs').Entry} Entry */

/** The minimum common web API: what runtimes agree on beside the language. No `process`, no `Buffer`, no `require`. */
const webGlobals = [
  'AbortController',
  'AbortSignal',
  'Blob',
  'CompressionStream',
  'Crypto',
  'CryptoKey',
  'DOMException',
  'DecompressionStream',
  'Event',
  'EventTarget',
  'File',
  'FormData',
  'Headers',
  'ReadableStream',
  'Request',
  'Response',
  'SubtleCrypto',
  'TextDecoder',
  'TextDecoderStream',
  'TextEncoder',
  'TextEncoderStream',
  'TransformStream',
  'URL',
  'URLSearchParams',
  'WritableStream',
  'atob',
  'btoa',
  'clearInterval',
  'clearTimeout',
  'console',
  'crypto',
  'fetch',
  'performance',
  'queueMicrotask',
  'setInterval',
  'setTimeout',
  'structuredClone',
];

/**
 * Follows every import a built entry reaches, dynamic ones and third-party code included, and then loads the whole
 * in a realm that has nothing of Node.
 *
 * @param {Entry} entry
 * @returns {Promise<{ modules: number, findings: string[] }>}
 */
export async function checkLoadsWithoutNode({ specifier, script }) {
  const findings = /** @type {string[]} */ ([]);
  const result = await build({
    entryPoints: [join(root, script)],
    bundle: true,
    write: false,
    metafile: true,
    format: 'iife',
    globalName: 'entry',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    treeShaking: false,
    ignoreAnnotations: true,
    logLevel: 'silent',
    plugins: [refuseBuiltins((name, importer) => findings.push(`${specifier}: ${importer} reaches ${name}`))],
  });
  const problem =
    findings.length === 0 ? loadWithoutNode(result.outputFiles.map(({ text }) => text).join('')) : undefined;
  if (problem !== undefined) findings.push(`${specifier}: does not load without Node: ${problem}`);
  return { modules: Object.keys(result.metafile.inputs).length, findings };
}

/** @param {(name: string, importer: string) => void} found @returns {import('esbuild').Plugin} */
function refuseBuiltins(found) {
  return {
    name: 'refuse-builtins',
    setup: (bundler) => {
      bundler.onResolve({ filter: /.*/ }, ({ path, importer }) => {
        if (!path.startsWith('node:') && !builtinModules.includes(path)) return undefined;
        found(path, relative(root, importer));
        return { path, external: true };
      });
    },
  };
}

/** @param {string} code @returns {string | undefined} what went wrong */
function loadWithoutNode(code) {
  const realm = createContext(
    Object.fromEntries(webGlobals.map((name) => [name, Reflect.get(globalThis, name)])),
  );
  try {
    const names = runInContext(`${code}\nObject.keys(entry)`, realm);
    return names.length > 0 ? undefined : 'it exports nothing';
  } catch (error) {
    return String(error);
  }
}
