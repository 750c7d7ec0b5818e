import { describe, test } from '@jest/globals';
import { serializerContract } from '@recollect/testing';
import { jsonSerializer } from '../../src/serializers/json.js';
import { superjsonSerializer } from '../../src/serializers/superjson.js';

const runner = { describe, test };

serializerContract({
  name: 'json',
  create: () => jsonSerializer,
  refuses: [
    {
      reason: 'JSON has no form for it, or gives back something else',
      values: [
        'undefined',
        'minus zero',
        'NaN',
        'infinities',
        'falsy values in a list',
        'a property that is undefined',
        'an array with holes',
        'bigints',
        'dates',
        'maps',
        'sets',
        'regular expressions',
        'URLs',
        'errors',
        'bytes',
        'typed arrays',
        'a value in two places',
        'a cycle',
        'an instance of a class',
      ],
    },
    { reason: 'readers of JSON take it for the prototype', values: ['an own property named __proto__'] },
  ],
  runner,
});

serializerContract({
  name: 'superjson',
  create: () => superjsonSerializer,
  refuses: [
    { reason: 'readers take it for the prototype', values: ['an own property named __proto__'] },
    { reason: 'no format of ours has a form for it', values: ['an array with holes'] },
    { reason: 'the class is not registered', values: ['an instance of a class'] },
  ],
  // Invalid dates come back; see value-types.test.ts.
  skip: [
    {
      reason: 'to the assertion of Node 20 an invalid date equals none',
      tests: ['treats as declared: dates'],
    },
  ],
  values: {
    'an object without a prototype': () => Object.assign(Object.create(null) as object, { a: 1 }),
    'names that superjson refuses': () => ({ constructor: new Date(0), prototype: { prototype: 1n } }),
  },
  runner,
});
