import ts from 'typescript';
import { ROOT } from './pages.js';
import type { Snippet } from './snippets.js';

const CONFIGS = { standard: 'tsconfig.test.json', legacy: 'tsconfig.test.legacy.json' } as const;

/** The options under which the tests of the project are compiled: names of packages lead to the sources. */
export function optionsOf(dialect: Snippet['dialect']): ts.CompilerOptions {
  const path = ROOT + CONFIGS[dialect];
  const { config, error } = ts.readConfigFile(path, ts.sys.readFile);
  if (error !== undefined) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  const host = { ...ts.sys, readDirectory: () => [] };
  return ts.parseJsonConfigFileContent(config, host, ROOT).options;
}

const OURS = /^(?:\.|@?recollect\b)/;
const SOURCES = /\/packages\/[\w-]+\/src\//;

/** Files that were read from the disk: they are the same in every program. */
const parsed = new Map<string, ts.SourceFile>();

/**
 * A compiler host that reads each file once and leaves out the types of third parties that only our sources use: those are
 * checked elsewhere, and reading them takes longer than all the rest.
 */
export function hostFor(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (path, languageVersion) => {
    const known = parsed.get(path) ?? getSourceFile(path, languageVersion);
    if (known !== undefined) parsed.set(path, known);
    return known;
  };
  const modules = ts.createModuleResolutionCache(ROOT, (path) => path, options);
  host.resolveModuleNameLiterals = (literals, from, redirected, _, file) =>
    literals.map((literal) => {
      if (SOURCES.test(from) && !OURS.test(literal.text)) return { resolvedModule: undefined };
      const mode = ts.getModeForUsageLocation(file, literal, options);
      return ts.resolveModuleName(literal.text, from, options, host, modules, redirected, mode);
    });
  return host;
}

/**
 * Compiles all of them as modules of one program per dialect.
 *
 * @returns what the compiler says, each with the place in the page.
 */
export function compile(snippets: readonly Snippet[]): string[] {
  return (['standard', 'legacy'] as const).flatMap((dialect) => {
    const chosen = snippets.filter((snippet) => snippet.dialect === dialect);
    return chosen.length === 0 ? [] : compileAll(chosen, optionsOf(dialect));
  });
}

function compileAll(snippets: readonly Snippet[], options: ts.CompilerOptions): string[] {
  // In the folder of this package, whose dependencies are all that a snippet may import.
  const files = new Map(
    snippets.map((snippet, at) => [`${ROOT}packages/docs-check/snippet-${at}.ts`, snippet]),
  );
  const host = hostFor(options);
  const { getSourceFile } = host;
  host.getSourceFile = (path, languageVersion) => {
    const snippet = files.get(path);
    if (snippet === undefined) return getSourceFile(path, languageVersion);
    return ts.createSourceFile(path, `${snippet.code}export {};\n`, languageVersion);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  const general = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()].map((one) =>
    said(one, undefined),
  );
  const particular = [...files].flatMap(([path, snippet]) => {
    const file = program.getSourceFile(path);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map((one) => said(one, snippet));
  });
  return [...general, ...particular];
}

function said({ file, start, messageText, code }: ts.Diagnostic, snippet: Snippet | undefined): string {
  const line =
    file === undefined || start === undefined ? -1 : file.getLineAndCharacterOfPosition(start).line;
  const place = snippet?.places[line] ?? snippet?.name ?? 'options';
  return `${place}: TS${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
}
