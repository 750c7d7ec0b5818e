/** The walk through an argument, as a form sees it. */
export interface FormWalk {
  /** Charges values and units of text to the limits; false when that is too much, and the call uncacheable. */
  spend(nodes: number, units: number): boolean;
  /** The text of a value inside; `undefined` over a limit. `position` serves the message of a refusal. */
  inside(value: unknown, position?: number): string | undefined;
}

/** How instances of one built-in class are written. */
export interface KeyForm {
  /** True when the value has the internal slots of the class: neither names nor prototypes can be trusted. */
  owns(value: object, prototype: object): boolean;
  /** The text, tag included; `undefined` over a limit. */
  text(value: object, walk: FormWalk): string | undefined;
  /** Properties of its own that say nothing about the value. */
  readonly ignores?: 'properties' | 'symbols';
}

/** Reads an accessor of a built-in prototype past whatever the instance may have put over it. Throws on other objects. */
export function slot(prototype: object, name: string | symbol): (value: object) => unknown {
  const read = Object.getOwnPropertyDescriptor(prototype, name)?.get as (this: object) => unknown;
  return (value) => read.call(value);
}

/** True when the read succeeds, which for a built-in means that the object is one. */
export function succeeds(read: (value: object) => unknown): (value: object) => boolean {
  return (value) => {
    try {
      read(value);
      return true;
    } catch {
      return false;
    }
  };
}
