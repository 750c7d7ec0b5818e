import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { anchorsOf, linksOf } from './support/anchors.js';
import { blocksOf } from './support/blocks.js';
import { type Page, parsePage, ROOT, readPages } from './support/pages.js';

const pages = readPages();

/** The file or folder a link leads to, from the root, without the anchor; `undefined` for one that leads elsewhere. */
function destination(from: string, target: string): { path: string; anchor: string | undefined } | undefined {
  if (/^[a-z]+:/.test(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  return { path: path === '' ? from : posix.join(dirname(from), path), anchor };
}

/** What is wrong with the links of the pages. */
function brokenLinks(list: readonly Page[]): string[] {
  const byPath = new Map(list.map((page) => [page.path, page]));
  return list.flatMap((page) =>
    linksOf(page).flatMap(({ target, place }) => {
      const end = destination(page.path, target);
      if (end === undefined)
        return target.startsWith('https://') ? [] : [`${place}: '${target}' is not https`];
      if (target.startsWith('/') || end.path.startsWith('..')) return [`${place}: '${target}' leads outside`];
      const known = byPath.get(end.path);
      if (known === undefined && !existsSync(ROOT + end.path)) return [`${place}: '${target}' is not there`];
      if (end.anchor === undefined) return [];
      return known !== undefined && anchorsOf(known).has(end.anchor)
        ? []
        : [`${place}: '${target}' has no such heading`];
    }),
  );
}

/** The scripts that shell blocks call by `pnpm`, and that are not there. */
function missingScripts(list: readonly Page[]): string[] {
  return list.flatMap((page) =>
    blocksOf(page)
      .filter(({ words }) => words[0] === 'sh')
      .flatMap(({ text, line }) =>
        text.split('\n').map((one, at) => [one, `${page.path}:${line + at}`] as const),
      )
      .flatMap(([command, place]) => missingIn(command, place)),
  );
}

const COMMAND = /\bpnpm(?:@[\d.]+)? (?:--filter (\S+) )?(?:run )?([\w:-]+)/g;
const OF_PNPM = ['install', 'add', 'exec'];

function missingIn(line: string, place: string): string[] {
  const command = line.replace(/#.*/, '');
  return [...command.matchAll(COMMAND)].flatMap(([call, filter, script = '']) => {
    if (OF_PNPM.includes(script)) return [];
    const manifest = filter === undefined ? 'package.json' : manifestOf(filter);
    const scripts =
      manifest === undefined ? {} : (JSON.parse(readFileSync(ROOT + manifest, 'utf8')).scripts ?? {});
    return Object.hasOwn(scripts, script) ? [] : [`${place}: '${call}' calls no script`];
  });
}

/** `@recollect/example-shop` lies in `examples/shop`. */
function manifestOf(name: string): string | undefined {
  const bare = name.replace('@recollect/', '');
  const paths = [`packages/${bare}/package.json`, `examples/${bare.replace('example-', '')}/package.json`];
  return paths.find(
    (path) => existsSync(ROOT + path) && JSON.parse(readFileSync(ROOT + path, 'utf8')).name === name,
  );
}

describe('the pages', () => {
  test('have no broken links', () => expect(brokenLinks(pages)).toEqual([]));

  test('call only scripts that are there', () => expect(missingScripts(pages)).toEqual([]));

  test('of docs can all be reached from docs/README.md', () => {
    const byPath = new Map(pages.map((page) => [page.path, page]));
    const reached = new Set(['docs/README.md']);
    for (const path of reached) {
      const page = byPath.get(path);
      for (const { target } of page ? linksOf(page) : []) {
        const end = destination(path, target)?.path;
        if (end?.startsWith('docs/')) reached.add(end);
      }
    }
    expect(
      pages.map(({ path }) => path).filter((path) => path.startsWith('docs/') && !reached.has(path)),
    ).toEqual([]);
  });

  test('of guide and reference begin with what matters', () => {
    const late = pages.filter(
      ({ path, text }) =>
        /^docs\/(?:guide|reference)\//.test(path) &&
        !/^# .+\n\n\| TL;DR \|\n\|---\|\n\| .+ \|\n\n/.test(text),
    );
    expect(late.map(({ path }) => path)).toEqual([]);
  });

  test('fence everything in a language, and the README is short', () => {
    const bare = pages
      .flatMap(blocksOf)
      .filter(({ words, page }) => words.length === 0 && !page.startsWith('examples/'));
    expect(bare.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
    expect(pages.find(({ path }) => path === 'README.md')?.text.split('\n').length).toBeLessThanOrEqual(200);
  });

  test('exist for each published package', () => {
    for (const folder of ['recollect', 'redis', 'file-system', 'testing'])
      expect(statSync(`${ROOT}packages/${folder}/README.md`).isFile()).toBe(true);
  });
});

describe('a page is found out', () => {
  test('with a link that leads nowhere', () => {
    const other = parsePage('docs/other.md', '# Some `code` here\n\n## Twice\n\n## Twice\n');
    const lines = [
      '[a](other.md#some-code-here)',
      '[b](other.md#twice-1)',
      '[c](../README.md)',
      '[d](#top)',
      '[e](https://example.org)',
    ];
    const wrong = [
      '[f](missing.md)',
      '[g](other.md#nothing)',
      '[h](../../x.md)',
      '[i](http://example.org)',
      '![j](missing.png)',
    ];
    const page = parsePage('docs/page.md', `# Top\n\n${[...lines, ...wrong].join('\n\n')}\n`);
    expect(brokenLinks([page, other]).map((one) => one.replace(/.*'(.+)'.*/, '$1'))).toEqual([
      ...['missing.md', 'other.md#nothing', '../../x.md', 'http://example.org', 'missing.png'],
    ]);
  });

  test('with a command that is not there', () => {
    const page = parsePage(
      'page.md',
      '```sh\npnpm test\nnpx --yes pnpm@12.21.0 tset   # pnpm nothing\npnpm --filter @recollect/benchmarks bench\npnpm --filter @recollect/nothing bench\n```\n',
    );
    expect(missingScripts([page])).toEqual([
      "page.md:3: 'pnpm@12.21.0 tset' calls no script",
      "page.md:5: 'pnpm --filter @recollect/nothing bench' calls no script",
    ]);
  });
});
