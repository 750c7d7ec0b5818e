import type { Token } from 'markdown-it';
import type { Page } from './pages.js';

/** A cell of a table. */
export interface Cell {
  /** As it is written, without the marks of Markdown. */
  readonly text: string;
  /** What stands between back-ticks. */
  readonly codes: readonly string[];
}

/** A table behind a comment `<!-- subject: argument -->`. */
export interface MarkedTable {
  /** `docs/guide/values.md:17`. */
  readonly place: string;
  readonly subject: string;
  readonly argument: string;
  /** Rows below the head. */
  readonly rows: readonly (readonly Cell[])[];
}

const MARK = /^<!-- (members|values|exports|variables|fate of values|equal arguments)(?:: (\S+))? -->$/;

/** @throws Error for a mark that no table follows. */
export function markedTables({ path, tokens }: Page): MarkedTable[] {
  return tokens.flatMap((token, at) => {
    const mark = token.type === 'html_block' ? MARK.exec(token.content.trim()) : null;
    if (mark === null) return [];
    const place = `${path}:${(token.map?.[0] ?? 0) + 1}`;
    if (tokens[at + 1]?.type !== 'table_open') throw new Error(`${place}: no table follows`);
    const end = tokens.findIndex((other, index) => index > at && other.type === 'table_close');
    return [{ place, subject: mark[1] ?? '', argument: mark[2] ?? '', rows: rowsOf(tokens.slice(at, end)) }];
  });
}

function rowsOf(tokens: readonly Token[]): Cell[][] {
  const rows: Cell[][] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.type === 'tr_open') rows.push([]);
    else if (token.type === 'td_open') rows.at(-1)?.push(cellOf(tokens[at + 1]));
  }
  return rows.filter((row) => row.length > 0);
}

function cellOf(inline: Token | undefined): Cell {
  const parts = inline?.children ?? [];
  return {
    text: parts.map(({ content }) => content).join(''),
    codes: parts.filter(({ type }) => type === 'code_inline').map(({ content }) => content),
  };
}
