import GithubSlugger from 'github-slugger';
import type { Token } from 'markdown-it';
import type { Page } from './pages.js';

/** A link or image of a page. */
export interface Link {
  readonly target: string;
  /** `docs/README.md:17`. */
  readonly place: string;
}

/** The anchors that the headings of a page get on GitHub. */
export function anchorsOf({ tokens }: Page): Set<string> {
  const slugger = new GithubSlugger();
  return new Set(
    tokens.flatMap((token, at) => {
      if (token.type !== 'heading_open') return [];
      const parts = tokens[at + 1]?.children ?? [];
      return [slugger.slug(parts.map(({ content }) => content).join(''))];
    }),
  );
}

export function linksOf({ path, tokens }: Page): Link[] {
  return tokens.flatMap(({ children, map }) =>
    (children ?? []).flatMap((child) => {
      const target = targetOf(child);
      return target === undefined ? [] : [{ target, place: `${path}:${(map?.[0] ?? 0) + 1}` }];
    }),
  );
}

function targetOf(token: Token): string | undefined {
  if (token.type !== 'link_open' && token.type !== 'image') return undefined;
  return String(token.attrGet(token.type === 'image' ? 'src' : 'href') ?? '');
}
