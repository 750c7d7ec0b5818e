import type { Page } from './pages.js';

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** Line of the first line inside the fence, from 1. */
  readonly line: number;
  /** The words behind the fence: `ts run`. */
  readonly words: readonly string[];
  readonly text: string;
  /** Code that a reader does not see, from a comment `<!-- given … -->` right before the block. */
  readonly given: { readonly line: number; readonly text: string } | undefined;
}

const GIVEN = /^<!-- given\n([\s\S]*?)-->\s*$/;

/** The fenced blocks of a page, in order. */
export function blocksOf({ path, tokens }: Page): Block[] {
  return tokens.flatMap((token, at) => {
    if (token.type !== 'fence' || token.map === null) return [];
    const words = token.info.trim().split(/\s+/).filter(Boolean);
    return [{ page: path, line: token.map[0] + 2, words, text: token.content, given: givenBefore(at) }];
  });

  function givenBefore(at: number): Block['given'] {
    const before = tokens[at - 1];
    const text = before?.type === 'html_block' ? GIVEN.exec(before.content)?.[1] : undefined;
    return text === undefined ? undefined : { line: (before?.map?.[0] ?? 0) + 2, text };
  }
}
