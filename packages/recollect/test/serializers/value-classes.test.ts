import { describe, expect, test } from '@jest/globals';
import { ConfigurationError, SerializationError } from '../../src/model/errors.js';
import { SerializerSet } from '../../src/serializers/serializer-set.js';
import { takeSnapshot } from '../../src/serializers/snapshot.js';
import { registerValueClass } from '../../src/serializers/value-classes.js';
import { difference } from './difference.js';

class Point {
  label: unknown;
  constructor(
    readonly x: number,
    readonly y: number,
  ) {
    if (new.target !== Point) throw new Error('the constructor was called');
  }
  get length(): number {
    return Math.hypot(this.x, this.y);
  }
}
class Money {
  readonly #cents: bigint;
  constructor(cents: bigint) {
    this.#cents = cents;
  }
  static of(data: { cents: bigint }): Money {
    return new Money(data.cents);
  }
  get cents(): bigint {
    return this.#cents;
  }
}
class Labels extends Map<string, unknown> {}
class NotFound extends Error {
  override readonly name = 'NotFound';
  constructor(
    readonly id: number,
    options?: ErrorOptions,
  ) {
    super(`no ${id}`, options);
  }
}
class Unregistered {}
class FarPoint extends Point {}

let encodes = 0;
registerValueClass('point', Point);
registerValueClass('money', Money, {
  encode: (money) => {
    encodes++;
    return { cents: money.cents };
  },
  decode: Money.of,
});
registerValueClass('labels', Labels, {
  encode: (labels) => [...labels],
  decode: (pairs: [string, unknown][]) => new Labels(pairs),
});
registerValueClass('not-found', NotFound);

const set = new SerializerSet();
const carry = <Value>(value: Value): Value =>
  set.decode('superjson', set.encode(value, 'superjson').data) as Value;

describe('an instance', () => {
  test('comes back as an instance, without its constructor', () => {
    const point = new Point(3, 4);
    point.label = { when: new Date(0), of: undefined };
    const decoded = carry([point])[0] as Point;
    expect(difference(decoded, point)).toBe('');
    expect(decoded.length).toBe(5);
    expect(difference(takeSnapshot(point, 'copy', set).take(), point)).toBe('');
  });

  test('may have names that superjson refuses, and setters in its class', () => {
    class Odd {
      set loud(_value: unknown) {
        throw new Error('the setter was called');
      }
    }
    registerValueClass('odd', Odd);
    const odd = Object.assign(new Odd(), { constructor: new Date(1), prototype: 1 });
    Object.defineProperty(odd, 'loud', { value: 2n, enumerable: true, writable: true, configurable: true });
    expect(difference(carry(odd), odd)).toBe('');
  });

  test('may hold itself, and be held twice', () => {
    const point = new Point(1, 2);
    point.label = [point];
    const decoded = carry({ a: point, b: new Set([point]) });
    expect((decoded.a.label as unknown[])[0]).toBe(decoded.a);
    expect(decoded.b.has(decoded.a)).toBe(true);
  });

  test('of a class with a codec is made by it', () => {
    encodes = 0;
    const money = new Money(5n);
    const decoded = carry({ one: money, again: [money], more: new Map([[money, new Money(6n)]]) });
    expect(decoded.one).toBeInstanceOf(Money);
    expect(decoded.one.cents).toBe(5n);
    expect(decoded.again[0]).toBe(decoded.one);
    expect([...decoded.more.keys()]).toEqual([decoded.one]);
    // Once for each instance, although objects in two places take two passes.
    expect(encodes).toBe(2);
  });

  test('of a class with a codec keeps what is inside apart', () => {
    const inner = { n: new Date(1) };
    const labels = new Labels([
      ['a', inner],
      ['b', inner],
    ]);
    const decoded = carry({ labels, inner, again: inner });
    expect(decoded.labels).toBeInstanceOf(Labels);
    expect(decoded.labels.get('a')).toBe(decoded.labels.get('b'));
    expect(decoded.again).toBe(decoded.inner);
    expect(difference(decoded.labels.get('a'), inner)).toBe('');
  });

  test('that is an error comes back as one', () => {
    const error = new NotFound(7, { cause: new NotFound(8) });
    const decoded = carry(error);
    expect(Object.prototype.toString.call(decoded)).toBe('[object Error]');
    expect(decoded).toBeInstanceOf(NotFound);
    expect(difference(decoded, error)).toBe('');
  });

  test('of a subclass is not one of the class', () => {
    const far = Object.create(FarPoint.prototype) as FarPoint;
    expect(() => carry(far)).toThrow('value is an instance of FarPoint');
  });

  test('whose codec fails, or gives what nobody can carry, is refused where it is', () => {
    class Broken {
      how: 'recurse' | 'throw' | 'unfit' = 'throw';
    }
    registerValueClass('broken', Broken, {
      encode: (broken) => {
        if (broken.how === 'throw') throw new Error('no way');
        return broken.how === 'unfit' ? { run: () => 1 } : [broken];
      },
      decode: () => new Broken(),
    });
    const broken = new Broken();
    expect(() => carry({ a: [broken] })).toThrow('value.a[0] cannot be read (no way)');
    broken.how = 'unfit';
    expect(() => carry({ a: [broken] })).toThrow('value.a[0]<data of broken>.run is a function');
    broken.how = 'recurse';
    expect(() => carry({ a: [broken] })).toThrow(SerializationError);
  });
});

describe('registration', () => {
  const codec = { encode: () => 1, decode: () => new Unregistered() };

  test('may be repeated, with another codec', () => {
    registerValueClass('point', Point);
    registerValueClass('money', Money, { encode: (money) => ({ cents: money.cents }), decode: Money.of });
    expect(carry(new Money(1n)).cents).toBe(1n);
  });

  test.each<[string, () => void]>([
    ['name of a value class is empty; it accepts text', () => registerValueClass('', Unregistered)],
    ['name of a value class is number; it accepts text', () => registerValueClass(1 as never, Unregistered)],
    [
      "value class 'point' is already registered for another class",
      () => registerValueClass('point', Unregistered),
    ],
    [
      "class Point of value class 'dot' is already registered as 'point'",
      () => registerValueClass('dot', Point),
    ],
    ["class of value class 'x' is Date; it accepts a class of your own", () => registerValueClass('x', Date)],
    ["class of value class 'x' is Object; it accepts", () => registerValueClass('x', Object)],
    ["class of value class 'x' is TypeError; it accepts", () => registerValueClass('x', TypeError)],
    ["class of value class 'x' is undefined; it accepts", () => registerValueClass('x', undefined as never)],
    [
      "value class 'x' has #private members",
      () =>
        registerValueClass(
          'x',
          class {
            #a = 1;
            get a() {
              return this.#a;
            }
          },
        ),
    ],
    ["value class 'x' has #private members", () => registerValueClass('x', class extends Money {})],
    [
      "value class 'x' extends Map, whose content is no property",
      () => registerValueClass('x', class extends Labels {}),
    ],
    [
      "codec of value class 'x' accepts { encode(instance), decode(data) }",
      () => registerValueClass('x', Unregistered, { encode: () => 1 } as never),
    ],
  ])('is refused: %s', (message, register) => {
    expect(register).toThrow(ConfigurationError);
    expect(register).toThrow(message);
  });

  test('that is missing where a record is read is not damage', () => {
    registerValueClass('short-lived', Unregistered, codec);
    const text = new TextDecoder().decode(set.encode(new Unregistered()).data);
    const other = new TextEncoder().encode(text.replace('short-lived', 'elsewhere'));
    let cause: unknown;
    try {
      set.decode('superjson', other);
    } catch (error) {
      cause = (error as Error).cause;
    }
    expect((cause as Error).name).toBe('UnknownClassError');
  });

  test('of a codec cannot be used to skip it, nor the other way round', () => {
    const swap = (value: unknown, from: string, to: string): Uint8Array =>
      new TextEncoder().encode(new TextDecoder().decode(set.encode(value).data).replace(from, to));
    expect(() => set.decode('superjson', swap(new Point(1, 2), '"point"', '"money"'))).toThrow(
      "'money' has a codec",
    );
    expect(() => set.decode('superjson', swap(new Money(1n), '"money"', '"point"'))).toThrow(
      "'point' has no codec",
    );
  });
});
