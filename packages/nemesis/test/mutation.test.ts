import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { MUTATION_VARIABLE, MUTATIONS, mutated, mutationNamed } from '../src/mutation/mutations.js';

const inPackages = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const REGISTER = inPackages('nemesis/dist/mutation/register-mutation.js');

const run = async (name: string, program: string) => {
  const options = ['--import', REGISTER, '--input-type=module', '--eval', program];
  const env = { ...process.env, [MUTATION_VARIABLE]: name, NODE_OPTIONS: '' };
  try {
    return (await promisify(execFile)(process.execPath, options, { env })).stdout.trim();
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
};

describe('mutations', () => {
  test.each(MUTATIONS.map((mutation) => [mutation.name, mutation] as const))(
    '%s fits the built file',
    (_, mutation) => {
      const source = readFileSync(inPackages(mutation.file), 'utf8');
      const text = mutated(source, mutation);
      expect(text).not.toContain(mutation.find);
      expect(text.length).toBeGreaterThan(source.length - mutation.find.length);
    },
  );

  test.each([
    ['is not there', 'nothing of the kind'],
    ['is there twice', 'twice and twice'],
  ])('a text that %s is an error', (_, source) => {
    const mutation = { ...mutationNamed('expiring-claim'), find: 'twice' };
    expect(() => mutated(source, mutation)).toThrow(/mutation 'expiring-claim': .* times, not once/);
  });

  test('an unknown name is an error that lists the others', () => {
    expect(() => mutationNamed('x')).toThrow(/bug is 'x'; accepted: commit-without-token, /);
  });
});

describe('a process that is to run under one', () => {
  const confirm = `await import(${JSON.stringify(inPackages('nemesis/dist/mutation/confirm-mutation.js'))})
    .then(({ confirmMutation }) => confirmMutation());`;
  const scripts = JSON.stringify(inPackages('redis/dist/scripts.js'));

  test('does so', async () => {
    const program = `const { COMPARE_AND_SET } = await import(${scripts});
      ${confirm}
      console.log(COMPARE_AND_SET.text.includes('~= ARGV[1]'));`;
    expect(await run('store-without-epoch', program)).toBe('false');
  });

  test('says so when it does not', async () => {
    expect(await run('store-without-epoch', confirm)).toMatch(/its file was not loaded/);
  });
});
