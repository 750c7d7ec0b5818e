import ts from 'typescript';

/**
 * @typedef {object} SyntaxRule
 * @property {string} message
 * @property {(path: string) => boolean} applies
 * @property {(node: ts.Node) => boolean} matches
 */

/** Files of packages/recollect/src that may read the wall clock: it jumps, so nothing may time an entry by it. */
const mayReadWallClock = /** @type {string[]} */ ([]);

/** Files the test runner loads itself; it calls their default export. */
const mayExportDefault = ['packages/testing/src/redis-setup.ts', 'packages/testing/src/redis-teardown.ts'];

const everywhere = () => true;
const inRecollect = (/** @type {string} */ path) => path.startsWith('packages/recollect/src/');

/** The commands that walk or drop a whole server, as a word of their own or inside a script. */
const wholeServerCommand = /^KEYS$|\bFLUSH(?:DB|ALL)\b/;
const wholeServerScript = /redis\.p?call\(\s*['"](?:keys|flushdb|flushall)\b/i;
const wholeServerMethods = ['KEYS', 'FLUSHDB', 'FLUSHALL', 'flushDb', 'flushAll'];

/** @type {SyntaxRule[]} */
export const syntaxRules = [
  {
    message: 'no command that walks or drops the whole server (KEYS, FLUSHDB, FLUSHALL)',
    applies: everywhere,
    matches: (node) => isWholeServerText(node) || isWholeServerCall(node),
  },
  {
    message: 'no KEYS: it walks the whole server; use SCAN',
    applies: (path) => path.startsWith('packages/redis/src/'),
    matches: isKeysCall,
  },
  {
    message: 'no Date.now(): take the time from the clock',
    applies: (path) => inRecollect(path) && !mayReadWallClock.includes(path),
    matches: (node) => isMember(node, 'Date', 'now'),
  },
  {
    message: 'no decorator syntax in library sources: not every tool can lower it',
    applies: (path) => !path.startsWith('packages/benchmarks/'),
    matches: ts.isDecorator,
  },
  {
    message: 'named exports only',
    applies: (path) => !mayExportDefault.includes(path),
    matches: isDefaultExport,
  },
];

/** @param {ts.Node} node */
function isWholeServerText(node) {
  if (!ts.isStringLiteralLike(node) && !ts.isTemplateHead(node) && !ts.isTemplateMiddleOrTemplateTail(node))
    return false;
  // Lower-case 'keys' alone is an ordinary word, and KEYS[1] in a script is an argument.
  return wholeServerCommand.test(node.text) || wholeServerScript.test(node.text);
}

/** @param {ts.Node} node */
function isWholeServerCall(node) {
  return ts.isCallExpression(node) && wholeServerMethods.includes(methodOf(node));
}

/**
 * `.keys()` of a Map takes no argument; the command takes a pattern.
 *
 * @param {ts.Node} node
 */
function isKeysCall(node) {
  if (!ts.isCallExpression(node) || methodOf(node) !== 'keys' || node.arguments.length === 0) return false;
  return !isMember(node.expression, 'Object', 'keys');
}

/** @param {ts.CallExpression} call @returns {string} the name after the dot, or '' */
function methodOf({ expression }) {
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : '';
}

/** @param {ts.Node} node @param {string} owner @param {string} name */
function isMember(node, owner, name) {
  return (
    ts.isPropertyAccessExpression(node) &&
    node.name.text === name &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === owner
  );
}

/** @param {ts.Node} node */
function isDefaultExport(node) {
  if (ts.isExportAssignment(node)) return true;
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some((one) => one.kind === ts.SyntaxKind.DefaultKeyword)
  );
}
