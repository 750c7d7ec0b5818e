import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import MarkdownIt, { type Token } from 'markdown-it';

/** The root folder of the repository, with a slash at the end. */
export const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** A page of documentation, read. */
export interface Page {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly tokens: readonly Token[];
}

/** HTML is let through, or comments would be taken for text. */
const markdown = new MarkdownIt({ html: true });

export function parsePage(path: string, text: string): Page {
  return { path, text, tokens: markdown.parse(text, {}) };
}

/** All pages a reader is led to: those at the root, in `docs`, and the README of each package and example. */
export function readPages(): Page[] {
  const ofWorkspace = ['packages', 'examples'].flatMap((group) =>
    readdirSync(ROOT + group).map((folder) => `${group}/${folder}/README.md`),
  );
  return ['README.md', 'CONTRIBUTING.md', ...pagesBelow('docs'), ...ofWorkspace].flatMap((path) => {
    const text = textOf(path);
    return text === undefined ? [] : [parsePage(path, text)];
  });
}

export function readPage(path: string): Page {
  return parsePage(path, readFileSync(ROOT + path, 'utf8'));
}

function pagesBelow(folder: string): string[] {
  return readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md'))
    .sort();
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(ROOT + path, 'utf8');
  } catch {
    // Not every package has a page.
    return undefined;
  }
}
