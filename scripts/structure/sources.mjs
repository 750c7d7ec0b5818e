import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { root } from '../workspace.mjs';
import { rooms } from './layers.mjs';
import { syntaxRules } from './syntax-rules.mjs';

/** @typedef {import('../workspace.mjs').Package} Package */

const longest = 250;
const forbiddenNames = /(?:^|[/.-])(?:utils?|common|helpers?|misc)(?=[/.-]|$)/;
const forbiddenNotes = /@ts-(?:ignore|nocheck)|biome-ignore|eslint-disable|\b(?:TODO|FIXME|XXX)\b/;

/**
 * Reads every source file once and returns what breaks a rule of the house.
 *
 * @param {Package[]} packages
 * @returns {{ files: number, findings: string[] }}
 */
export function checkSources(packages) {
  const paths = packages.flatMap(({ folder }) => sourcesOf(folder));
  return { files: paths.length, findings: [...paths.flatMap(checkSource), ...strangeRooms(paths)] };
}

/** @param {string} folder @returns {string[]} */
function sourcesOf(folder) {
  return readdirSync(join(root, 'packages', folder, 'src'), { recursive: true })
    .map((name) => `packages/${folder}/src/${name}`)
    .filter((path) => /\.[cm]?[jt]s$/.test(path))
    .sort();
}

/** @param {string} path @returns {string[]} */
function checkSource(path) {
  const text = readFileSync(join(root, path), 'utf8');
  const lines = text.split('\n');
  const findings = [];
  if (lines.length - 1 > longest) findings.push(`${path}: ${lines.length - 1} lines, at most ${longest}`);
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z]+)+$/.test(basename(path)))
    findings.push(`${path}: not kebab-case`);
  if (forbiddenNames.test(path)) findings.push(`${path}: name it after the one thing it exports`);
  for (const [index, line] of lines.entries()) {
    const note = forbiddenNotes.exec(line);
    if (note !== null) findings.push(`${path}:${index + 1}: ${note[0]}`);
  }
  return [...findings, ...checkSyntax(path, text)];
}

/** @param {string} path @param {string} text @returns {string[]} */
function checkSyntax(path, text) {
  const findings = /** @type {string[]} */ ([]);
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext);
  const rules = syntaxRules.filter((rule) => rule.applies(path));
  const visit = (/** @type {ts.Node} */ node) => {
    for (const rule of rules) {
      if (!rule.matches(node)) continue;
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      findings.push(`${path}:${line + 1}: ${rule.message}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return findings;
}

/** @param {string[]} paths @returns {string[]} */
function strangeRooms(paths) {
  const found = paths.map((path) => /^packages\/recollect\/src\/([^/]+)\//.exec(path)?.[1]);
  return [...new Set(found)]
    .filter((room) => room !== undefined && !rooms.includes(room))
    .map((room) => `packages/recollect/src/${room}: not in the list of rooms (scripts/structure/layers.mjs)`);
}
