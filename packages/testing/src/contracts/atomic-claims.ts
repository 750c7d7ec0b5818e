import assert from 'node:assert/strict';
import {
  type AtomicTest,
  asking,
  contend,
  grant,
  granted,
  intact,
  MODES,
  refused,
  state,
  writing,
} from './atomic-subject.js';
import { bytes, holds, LONG, lacks, outlive, put, sameBytes } from './shared-subject.js';

const ROUNDS = 25;
const CONTENDERS = 16;

/** Who is granted a claim, and what the others are told. */
export const claimTests = {
  'grants a free key, with what was asked for': async (subject) => {
    for (const mode of MODES) {
      const request = asking(subject, mode, { mode, epoch: 'tag:3~%7B,"é"' });
      const { key, token, epoch } = request;
      const lease = granted(await subject.store.claim(request), mode);
      assert.deepEqual({ ...lease }, { key, mode, token, epoch, fence: undefined });
      await lacks(subject, mode);
    }
  },

  'is busy for everyone else, and says with whom and in which epoch': async (subject) => {
    for (const mode of MODES) {
      const lease = await grant(subject, mode, { mode, epoch: `of:${mode}` });
      for (const through of [subject.store, subject.other]) {
        for (const asked of MODES)
          refused(await through.claim(asking(subject, mode, { mode: asked, epoch: 'mine' })), 'busy', lease);
      }
      assert.equal(await subject.store.commit(lease, writing(subject, mode, 'x')), 'stored');
    }
  },

  'keeps an empty epoch': async (subject) => {
    for (const mode of MODES) {
      const lease = await grant(subject, mode, { mode, epoch: '' });
      assert.equal(lease.epoch, '');
      await intact(subject, mode, lease);
    }
  },

  'answers with the record where there is one, and claims nothing': async (subject) => {
    for (const mode of MODES) {
      await put(subject, mode, `<${mode}>`);
      for (const through of [subject.store, subject.other]) {
        const outcome = await through.claim(asking(subject, mode, { mode }));
        if (outcome.kind !== 'stored') assert.fail(`the claim is ${outcome.kind} instead of stored`);
        sameBytes(outcome.record.data, `<${mode}>`);
        const { ttlMs } = outcome.record;
        const isLife = ttlMs === Number.POSITIVE_INFINITY || (ttlMs > LONG - 60_000 && ttlMs <= LONG);
        assert.ok(isLife, `a record written for ${LONG} ms is told to have ${ttlMs} ms left`);
      }
      await subject.backend.delete([subject.at(mode)]);
      assert.equal(await state(subject, mode), 'granted');
    }
  },

  'answers with the record though somebody loads': async (subject) => {
    for (const mode of MODES) {
      await put(subject, mode, 'old');
      const lease = await grant(subject, mode, { mode, ignore: bytes('old') });
      assert.equal(await state(subject, mode, mode), 'stored');
      refused(
        await subject.other.claim(asking(subject, mode, { mode, ignore: bytes('old') })),
        'busy',
        lease,
      );
      await put(subject, mode, 'new');
      const outcome = await subject.other.claim(asking(subject, mode, { mode, ignore: bytes('old') }));
      assert.equal(outcome.kind, 'stored');
    }
  },

  'ignores just the record it is told to, and leaves it there': async (subject) => {
    const { store, backend, at } = subject;
    const stored = Uint8Array.from([0xff, 0x00, 0x61]);
    await backend.write([{ key: at('k'), data: stored, ttlMs: LONG }]);
    // The first two are, read as UTF-8, the same text.
    const others = [
      [0xfe, 0x00, 0x61],
      [0xef, 0xbf, 0xbd, 0x00, 0x61],
      [0xff, 0x00],
      [0xff, 0x00, 0x61, 0x00],
      [],
    ];
    for (const other of others) {
      const { kind } = await store.claim(asking(subject, 'k', { ignore: Uint8Array.from(other) }));
      assert.equal(kind, 'stored', `[${stored}] is not [${other}]`);
    }
    await grant(subject, 'k', { ignore: stored });
    await holds(subject, 'k', stored);
  },

  'keeps empty data apart from no record': async (subject) => {
    const empty = new Uint8Array(0);
    await put(subject, 'empty', '');
    assert.equal(await state(subject, 'empty'), 'stored');
    await grant(subject, 'empty', { ignore: empty });
    await grant(subject, 'none', { ignore: empty });
    await grant(subject, 'nothing', { ignore: bytes('what has gone meanwhile') });
  },

  'takes a record that has expired for none': async (subject) => {
    await put(subject, 'k', 'x', 20);
    await outlive(subject, 'k', 20);
    await grant(subject, 'k');
  },

  'grants one of many concurrent claims': async (subject) => {
    for (const mode of MODES) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const key = `${mode}:${round}`;
        const outcomes = await contend(subject, CONTENDERS, (through) =>
          through.claim(asking(subject, key, { mode })),
        );
        const winners = outcomes.filter(({ kind }) => kind === 'granted');
        assert.equal(winners.length, 1, `${winners.length} of ${CONTENDERS} claims were granted`);
        const lease = granted(winners[0] as (typeof outcomes)[number], key);
        for (const outcome of outcomes) if (outcome !== winners[0]) refused(outcome, 'busy', lease);
      }
    }
  },

  'never grants where a record was committed in between': async (subject) => {
    for (const mode of MODES) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const key = `${mode}:${round}`;
        const lease = await grant(subject, key, { mode });
        const asking = Array.from({ length: round % 4 }, () => state(subject, key, mode));
        const committing = subject.store.commit(lease, writing(subject, key, 'loaded'));
        asking.push(state(subject, key, mode), state(subject, key, mode));
        const kinds = await Promise.all(asking);
        assert.equal(await committing, 'stored');
        for (const kind of kinds) assert.ok(kind === 'busy' || kind === 'stored', `a claim was ${kind}`);
      }
    }
  },

  'has a key loaded once, however many ask until they have it': async (subject) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const key = `k${round}`;
      let loads = 0;
      await contend(subject, 6, async (through, index) => {
        for (let tries = 0; ; tries += 1) {
          assert.ok(tries < 10_000, `contender ${index} was kept waiting`);
          const outcome = await through.claim(asking(subject, key));
          if (outcome.kind === 'stored') return;
          if (outcome.kind !== 'granted') continue;
          loads += 1;
          await through.commit(outcome.lease, writing(subject, key, `load ${loads}`));
          return;
        }
      });
      assert.equal(loads, 1, `'${key}' was loaded ${loads} times`);
      await holds(subject, key, 'load 1');
    }
  },
} satisfies Record<string, AtomicTest>;
