import { fileURLToPath } from 'node:url';

/** The folder of this package. */
export const folder = fileURLToPath(new URL('.', import.meta.url));

/** How applications are set up: each is compiled by each compiler. */
export const projects = ['standard', 'standard.bundler', 'legacy', 'legacy.metadata'];

/** The compilers, by the name this package depends on them. */
export const compilers = ['typescript-5.4', 'typescript-5.9', 'typescript', '@typescript/native'];
