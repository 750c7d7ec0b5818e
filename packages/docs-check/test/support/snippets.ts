import { type Block, blocksOf } from './blocks.js';
import type { Page } from './pages.js';

/** A module made of one block of a page, or of several that continue each other. */
export interface Snippet {
  /** Page and line of its first block: `docs/guide/keys.md:17`. */
  readonly name: string;
  readonly dialect: 'legacy' | 'standard';
  readonly run: boolean;
  readonly code: string;
  /** Where each line of the code stands, as `page:line`. */
  readonly places: readonly string[];
}

/**
 * What may stand behind ```` ```ts ````. `run`: it is executed too, and each `// → value` in it is compared. `legacy`: with
 * `experimentalDecorators`. `continued`: it goes on where the block before it on the page ended.
 */
const WORDS = ['run', 'legacy', 'continued'];

/** @throws Error for a block whose words mean nothing, or that promises values nobody compares. */
export function snippetsOf(page: Page): Snippet[] {
  const snippets: Snippet[] = [];
  for (const block of blocksOf(page)) {
    if (block.words[0] === 'typescript') throw wrong(block, 'say ts');
    if (block.words[0] !== 'ts') continue;
    const unknown = block.words.slice(1).find((word) => !WORDS.includes(word));
    if (unknown !== undefined)
      throw wrong(block, `'${unknown}' means nothing; accepted: ${WORDS.join(', ')}`);
    if (!block.words.includes('continued')) snippets.push(snippet(block, undefined));
    else if (snippets.length === 0) throw wrong(block, 'it continues nothing');
    else snippets.push(snippet(block, snippets.pop()));
  }
  return snippets;
}

function snippet(block: Block, first: Snippet | undefined): Snippet {
  const run = block.words.includes('run');
  if (first !== undefined && first.run !== run)
    throw wrong(block, 'both or neither of it and what it continues must say run');
  if (!run && block.text.includes('// →')) throw wrong(block, 'it says values and is not run');
  const lines: [text: string, place: string][] = [];
  for (const { line, text } of [block.given ?? { line: 0, text: '' }, block]) {
    for (const [at, one] of text.split('\n').slice(0, -1).entries())
      lines.push([one, `${block.page}:${line + at}`]);
  }
  return {
    name: first?.name ?? `${block.page}:${block.line}`,
    dialect: first?.dialect ?? (block.words.includes('legacy') ? 'legacy' : 'standard'),
    run,
    code: (first?.code ?? '') + lines.map(([text]) => `${text}\n`).join(''),
    places: [...(first?.places ?? []), ...lines.map(([, place]) => place)],
  };
}

function wrong({ page, line }: Block, what: string): Error {
  return new Error(`${page}:${line}: ${what}`);
}
