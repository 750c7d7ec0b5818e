/**
 * A line under @ts-expect-error also passes when it is wrong for a silly reason, such as a misspelt import. So each
 * of these comments names the code of the reason it expects, and this compiles the cases without the comments and
 * compares. Codes are those of the `typescript` this package depends on.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { folder, projects } from './projects.mjs';

const problems = projects.flatMap(check);
for (const problem of problems) console.error(problem);
console.log(`refusals: ${projects.length} set-ups, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** @param {string} project @returns {string[]} problems */
function check(project) {
  const { options, fileNames } = readProject(project);
  const host = ts.createCompilerHost(options);
  const readFile = host.readFile.bind(host);
  // Same length, so that lines and columns stay.
  host.readFile = (name) => readFile(name)?.replaceAll('@ts-expect-error', '-ts-expect-error');
  const program = ts.createProgram(fileNames, options, host);
  return fileNames.flatMap((name) => {
    const reasons = reasonsByLine(program, name);
    return expectations(name).flatMap(({ line, code }) => {
      const found = reasons.get(line) ?? [];
      if (found.some((reason) => String(reason.code) === code)) return [];
      const texts = found.map(
        (one) => `${one.code}: ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`,
      );
      return [
        `${name}:${line} (tsconfig.${project}.json): expected ${code}, found ${texts.join(' | ') || 'nothing'}`,
      ];
    });
  });
}

/** @param {string} project */
function readProject(project) {
  const path = join(folder, `tsconfig.${project}.json`);
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  return ts.parseJsonConfigFileContent(config, ts.sys, folder, undefined, path);
}

/** @param {ts.Program} program @param {string} name @returns {Map<number, ts.Diagnostic[]>} by line from 1 */
function reasonsByLine(program, name) {
  const file = program.getSourceFile(name);
  if (file === undefined) throw new Error(`${name} is not in the program`);
  const byLine = new Map();
  for (const reason of [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]) {
    const line = file.getLineAndCharacterOfPosition(reason.start ?? 0).line + 1;
    byLine.set(line, [...(byLine.get(line) ?? []), reason]);
  }
  return byLine;
}

/** The lines, from 1, that must not compile, each with the code its comment names. */
function expectations(/** @type {string} */ name) {
  const lines = readFileSync(name, 'utf8').split('\n');
  return lines.flatMap((text, index) => {
    const comment = /@ts-expect-error(?: (\d+): )?/.exec(text);
    return comment === null
      ? []
      : [{ line: index + 2, code: comment[1] ?? 'a code, as in "@ts-expect-error 2345: why"' }];
  });
}
