import { describe, expect, test } from '@jest/globals';
import { testRedisUrl } from '@recollect/testing/redis';
import { compile } from './support/compile.js';
import { execute } from './support/execute.js';
import { parsePage, readPages } from './support/pages.js';
import { snippetsOf } from './support/snippets.js';

const TIMEOUT = 60_000;
const snippets = readPages().flatMap(snippetsOf);

describe('the snippets of the documentation', () => {
  test('compile', () => expect(compile(snippets)).toEqual([]), TIMEOUT);

  test(
    'do what they say when they are run',
    async () => {
      const failures = await execute(
        snippets.filter(({ run }) => run),
        testRedisUrl,
      );
      expect(failures.join('\n')).toBe('');
    },
    TIMEOUT,
  );
});

/** The snippets of a page with this text. */
function written(text: string) {
  return snippetsOf(parsePage('page.md', text));
}

describe('a snippet is found out', () => {
  test(
    'that does not compile, with page and line, in either dialect and after what it continues',
    () => {
      const found = compile([
        ...written(
          "Text.\n\n```ts\nimport { cached } from 'recollect';\n\nexport class Users {\n  @cached()\n  find(id: string): string {\n    return id;\n  }\n}\n```\n",
        ),
        ...written('```ts\nconst one = 1;\n```\n\n```ts continued\nconst two: string = one;\n```\n'),
        ...written(
          '<!-- given\ndeclare const given: number;\n-->\n```ts\nexport const text: string = given;\n```\n',
        ),
        ...written("```ts legacy\nimport { nothing } from 'recollect';\nnothing();\n```\n"),
        ...written('```ts\nconst = ;\n```\n'),
      ]);
      const places = found.map((line) => line.slice(0, line.indexOf(': TS')));
      expect(new Set(places)).toEqual(new Set(['page.md:7', 'page.md:6', 'page.md:5', 'page.md:2']));
      expect(found.join('\n')).toContain("has no exported member 'nothing'");
    },
    TIMEOUT,
  );

  test(
    'that does another thing than it says',
    async () => {
      const cases: [code: string, said: string][] = [
        ['1 + 1; // → 3', 'page.md:2: it is 2'],
        ['\nconst [one] = [1]; // → [2]', 'page.md:3: it is [1]'],
        ['console.log(new Date(0)); // → new Date(1)', 'page.md:2: it is "1970'],
        ["throw new TypeError('of that kind'); // → throws RangeError", 'page.md:2: TypeError: of that kind'],
        [
          "throw new TypeError('of that kind'); // → throws TypeError: this",
          'page.md:2: it says of that kind',
        ],
        ['1 + 1; // → throws TypeError', 'page.md:2: nothing was thrown'],
        ['null.x;', 'Cannot read properties of null'],
      ];
      const right = [
        '1 + 1; // → 2',
        "throw new TypeError('of that kind'); // → throws TypeError: that kind",
      ];
      const codes = [...cases.map(([code]) => code), ...right];
      const failures = await execute(
        codes.flatMap((code) => written(`\`\`\`ts run\n${code}\n\`\`\`\n`)),
        testRedisUrl,
      );
      expect(failures).toEqual(cases.map(([, said]) => expect.stringContaining(said)));
      const [ended] = await execute(written('```ts run\nawait new Promise(() => {});\n```\n'), testRedisUrl);
      expect(ended).toContain('page.md:2');
    },
    TIMEOUT,
  );

  test('that cannot be checked', async () => {
    expect(() => written('```ts\n1; // → 1\n```\n')).toThrow('page.md:2: it says values and is not run');
    expect(() => written('```ts quick\n1;\n```\n')).toThrow("page.md:2: 'quick' means nothing");
    expect(() => written('```ts continued\n1;\n```\n')).toThrow('page.md:2: it continues nothing');
    expect(() => written('```typescript\n1;\n```\n')).toThrow('page.md:2: say ts');
    expect(() => written('```ts run\n1;\n```\n\n```ts continued\n1;\n```\n')).toThrow(
      'page.md:6: both or neither',
    );
    await expect(execute(written('```ts run\nif (true) { // → 1\n}\n```\n'), testRedisUrl)).rejects.toThrow(
      '1 lines say a value',
    );
  });
});
