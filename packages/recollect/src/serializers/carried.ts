import { SerializationError } from '../model/errors.js';
import { jsonText } from './json-text.js';
import { refusalOf } from './refusal.js';
import { type Outcome, RichWriter } from './rich-writer.js';

/**
 * A value that can be carried: walked through once, and again by {@link text} where objects appear in several places or
 * where there is what cannot be a name in annotated JSON.
 */
export class Carried {
  /** JSON gives it back exactly: it needs no annotations. */
  readonly plain: boolean;
  readonly #value: unknown;
  readonly #walk = new RichWriter(0, 'quick');
  readonly #json: unknown;

  /**
   * @throws SerializationError naming the way to the first part that would be lost or changed: functions, symbols and
   *   properties named by them, getters, properties that are not enumerable (but those of errors), holes in arrays, properties
   *   added to built-ins, `__proto__`, instances of classes that are not registered, and more than `MAX_DEPTH` levels.
   */
  constructor(value: unknown) {
    this.#value = value;
    try {
      this.#json = this.#walk.json(value, 0);
    } catch (error) {
      throw notStored(error);
    }
    this.plain = this.#walk.plain;
  }

  /** It in the format of superjson. To be asked for at once, before the value changes. @throws as the constructor does. */
  text(): string {
    let outcome: Outcome;
    try {
      outcome = this.#walk.outcome(this.#value, this.#json);
    } catch (error) {
      throw notStored(error);
    }
    const { json, values, shared } = outcome;
    const meta = values === undefined ? '' : `,"meta":{"values":${values},"v":1}`;
    return `{"json":${jsonText(json)}${meta}${shared ? ',"shared":true' : ''}}`;
  }
}

function notStored(error: unknown): SerializationError {
  const { text, cause } = refusalOf(error);
  return new SerializationError(
    `the value cannot be stored: ${text}`,
    cause === undefined ? undefined : { cause },
  );
}
