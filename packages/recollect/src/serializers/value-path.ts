/** One step into a value: a property's name, an index, or words for what has no syntax. */
export type ValueStep = string | number | { readonly words: string };

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Beyond this many steps the middle of a path says nothing to a reader. */
const MOST_STEPS = 24;

/** The way from the value to a part of it, as a developer would write it: `value.orders[3].when`. */
export function valuePath(steps: readonly ValueStep[]): string {
  if (steps.length <= MOST_STEPS) return `value${steps.map(step).join('')}`;
  const half = MOST_STEPS / 2;
  return `value${steps.slice(0, half).map(step).join('')}…${steps.slice(-half).map(step).join('')}`;
}

function step(one: ValueStep): string {
  if (typeof one === 'number') return `[${one}]`;
  if (typeof one === 'object') return `<${one.words}>`;
  return IDENTIFIER.test(one) ? `.${one}` : `[${JSON.stringify(one)}]`;
}
