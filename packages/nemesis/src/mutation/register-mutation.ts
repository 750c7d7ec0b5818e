/** Loaded before the program of a worker: installs the hook for the mutation that the environment names. */
import { register } from 'node:module';
import { MUTATION_VARIABLE, mutationNamed } from './mutations.js';

register('./load-hook.js', import.meta.url, {
  data: mutationNamed(process.env[MUTATION_VARIABLE] ?? ''),
});
