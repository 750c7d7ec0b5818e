import ts from 'typescript';
import { hostFor, optionsOf } from './compile.js';
import { ROOT } from './pages.js';

const PACKAGES = ['recollect', 'redis', 'file-system', 'testing'];

/** What the sources of the published packages export, as the compiler sees it. */
export class PublicTypes {
  readonly #checker: ts.TypeChecker;
  readonly #exports = new Map<string, ts.Symbol>();

  constructor() {
    const entries = PACKAGES.map((folder) => `${ROOT}packages/${folder}/src/index.ts`);
    // Nothing that has a table is made of types of Node, and to read those takes a second.
    const options = { ...optionsOf('standard'), types: [] };
    const program = ts.createProgram(entries, options, hostFor(options));
    this.#checker = program.getTypeChecker();
    for (const path of entries) {
      const file = program.getSourceFile(path);
      const module = file && this.#checker.getSymbolAtLocation(file);
      for (const one of module ? this.#checker.getExportsOfModule(module) : [])
        this.#exports.set(one.name, one);
    }
  }

  /** Names of the members of an exported type, or of one of its members: `CacheConfig.protect`. */
  members(path: string): string[] {
    const type = this.#type(path);
    const listed = this.#checker.getPropertiesOfType(type).filter((one) => !isHidden(one));
    return listed.map(({ name }) => name);
  }

  /** The texts of a union of texts. */
  values(path: string): string[] {
    const type = this.#type(path);
    return (type.isUnion() ? type.types : [type]).map((one) => {
      if (!one.isStringLiteral()) throw new Error(`${path} is not a union of texts`);
      return one.value;
    });
  }

  #type(path: string): ts.Type {
    const [name = '', ...steps] = path.split('.');
    let symbol = this.#exports.get(name);
    if (symbol === undefined) throw new Error(`no package exports '${name}'`);
    if ((symbol.flags & ts.SymbolFlags.Alias) !== 0) symbol = this.#checker.getAliasedSymbol(symbol);
    const isType = (symbol.flags & ts.SymbolFlags.Type) !== 0;
    let type = isType ? this.#checker.getDeclaredTypeOfSymbol(symbol) : this.#checker.getTypeOfSymbol(symbol);
    for (const step of steps) {
      const member = type.getProperty(step);
      if (member === undefined) throw new Error(`${path}: there is no '${step}'`);
      type = this.#checker.getNonNullableType(this.#checker.getTypeOfSymbol(member));
    }
    return type;
  }
}

/** Members that no reader can name: `#private`, `private`, and those named by a symbol. */
function isHidden(member: ts.Symbol): boolean {
  if (/^(?:#|__)/.test(member.name)) return true;
  const flags = (member.declarations ?? []).map((one) => ts.getCombinedModifierFlags(one));
  return flags.some((one) => (one & ts.ModifierFlags.Private) !== 0);
}
