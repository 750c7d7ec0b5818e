import ts from 'typescript';
import type { Snippet } from './snippets.js';

const ARROW = '// →';
const THROWS = /^throws (\w+)(?:: (.+))?$/;

/** What the code of an executed snippet finds in scope. */
const PRELUDE = `import $assert from 'node:assert/strict';
const $value = (actual, expected, place) => $assert.deepStrictEqual(actual, expected, place + ': ' + $shown(actual));
const $shown = (value) => { try { return 'it is ' + JSON.stringify(value); } catch { return 'it is another'; } };
const $error = async (run, name, part, place) => {
  let error;
  try { await run(); } catch (thrown) { error = thrown; }
  $assert.ok(error !== undefined, place + ': nothing was thrown');
  $assert.equal(error.name, name, place + ': ' + error);
  $assert.ok(error.message.includes(part), place + ': it says ' + error.message);
};
`;

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The snippet as a JavaScript module that fails where a comment behind a statement is not true. `// → 3` compares what an
 * expression, a constant or the argument of `console.log` comes to; `// → throws KeyError: argument 0` expects an error of
 * that name with that text in its message.
 *
 * @throws Error for a comment that stands behind no such statement.
 */
export function withExpectations(snippet: Snippet, options: ts.CompilerOptions): string {
  const file = ts.createSourceFile('snippet.ts', snippet.code, ts.ScriptTarget.ESNext, true);
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStatement(node) && !ts.isBlock(node)) {
      const comment = expectationBehind(node, file);
      if (comment !== undefined) edits.push(...expectation(node, comment, file, snippet));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  const said = snippet.code.split(ARROW).length - 1;
  const found = new Set(edits.map(({ to }) => to)).size;
  if (said !== found)
    throw new Error(`${snippet.name}: ${said} lines say a value, and ${found} of them can be compared`);
  const { module, target, experimentalDecorators, emitDecoratorMetadata } = options;
  const chosen = Object.entries({ module, target, experimentalDecorators, emitDecoratorMetadata }).filter(
    ([, value]) => value !== undefined,
  );
  const code = edits
    .sort((a, b) => b.from - a.from)
    .reduce((text, { from, to, text: put }) => text.slice(0, from) + put + text.slice(to), snippet.code);
  return (
    PRELUDE +
    ts.transpileModule(code, {
      compilerOptions: { ...Object.fromEntries(chosen), module: ts.ModuleKind.ESNext },
    }).outputText
  );
}

function expectationBehind(node: ts.Statement, file: ts.SourceFile): string | undefined {
  for (const { pos, end } of ts.getTrailingCommentRanges(file.text, node.end) ?? []) {
    const comment = file.text.slice(pos, end);
    if (comment.startsWith(ARROW)) return comment.slice(ARROW.length).trim();
  }
  return undefined;
}

function expectation(
  node: ts.Statement,
  comment: string,
  file: ts.SourceFile,
  { places, name }: Snippet,
): Edit[] {
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
  const place = JSON.stringify(places[line] ?? name);
  const from = node.getStart(file);
  const to = node.end;
  const whole = (text: string): Edit[] => [{ from, to, text }];
  const thrown = THROWS.exec(comment);
  if (thrown !== null) {
    const part = JSON.stringify(thrown[2] ?? '');
    return whole(`await $error(async () => { ${node.getText(file)} }, '${thrown[1]}', ${part}, ${place});`);
  }
  if (ts.isExpressionStatement(node))
    return whole(`$value(${printed(node.expression).getText(file)}, (${comment}), ${place});`);
  const declared = ts.isVariableStatement(node) ? node.declarationList.declarations[0] : undefined;
  if (declared === undefined) return [];
  const bound = ts.isIdentifier(declared.name)
    ? declared.name.text
    : `[${declared.name.getText(file).slice(1, -1)}]`;
  return whole(`${node.getText(file)} $value(${bound}, (${comment}), ${place});`);
}

/** The one argument of `console.log`, else the expression itself. */
function printed(expression: ts.Expression): ts.Expression {
  const isLog = ts.isCallExpression(expression) && expression.expression.getText() === 'console.log';
  const [argument, ...others] = isLog ? expression.arguments : [];
  return argument === undefined || others.length > 0 ? expression : argument;
}
