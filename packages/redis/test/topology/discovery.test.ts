import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '@recollect/testing';
import { BackendError } from 'recollect';
import { Discovery } from '../../src/route/discovery.js';
import { firstAnswer } from '../../src/route/first-answer.js';
import { rejection } from '../support/operations.js';
import { testContext } from '../support/test-context.js';

/** A discovery whose questions are answered by the test. */
function open() {
  const clock = new FakeClock();
  const context = testContext(clock);
  const questions: { answer(found: string): void; fail(error: Error): void; signal: AbortSignal }[] = [];
  const found: string[] = [];
  const state = { isTroubled: false };
  const discovery = new Discovery<string>('Kind', context, 1_000, {
    ask: (signal) =>
      new Promise((answer, fail) => {
        questions.push({ answer, fail, signal });
      }),
    found: (answer) => found.push(answer),
    isTroubled: () => state.isTroubled,
  });
  const last = () => questions.at(-1) as (typeof questions)[number];
  /** Lets what has been settled reach its end. */
  const settle = () => clock.advanceAsync(0);
  return { clock, context, questions, last, found, state, discovery, settle };
}

describe('a discovery', () => {
  test('asks once for all who wait, and not again', async () => {
    const { discovery, questions, last, found } = open();
    const waiting = [discovery.first(), discovery.first()];
    expect(questions).toHaveLength(1);
    last().answer('a');
    await Promise.all(waiting);
    await discovery.first();
    expect(found).toEqual(['a']);
    expect(questions).toHaveLength(1);
    expect(last().signal.aborted).toBe(true);
  });

  test('fails at once after a failure, tells of it once, and asks again until there is an answer', async () => {
    const { clock, context, discovery, questions, last, settle } = open();
    const first = rejection(discovery.first());
    last().fail(new Error('nobody there'));
    expect(String(await first)).toMatch(/nobody says where to connect: nobody there/);
    expect(String(await rejection(discovery.first()))).toMatch(/nobody there/);
    expect(discovery.isLost).toBe(true);
    const waits: number[] = [];
    for (let asked = 2; asked < 12; asked++) {
      const since = clock.now();
      while (questions.length < asked) await clock.advanceAsync(10);
      waits.push(clock.now() - since);
      last().fail(new Error('still nobody'));
      await settle();
    }
    // Longer and longer, as far as chance has it.
    expect(Math.max(...waits)).toBeGreaterThan(100);
    expect(Math.max(...waits)).toBeLessThanOrEqual(2_010);
    expect(context.reported).toEqual([{ operation: 'background', error: expect.any(BackendError) }]);
    while (questions.length < 12) await clock.advanceAsync(10);
    last().answer('a');
    await settle();
    await discovery.first();
    expect(discovery.isLost).toBe(false);
  });

  test('gives up a question after its time, and ends it', async () => {
    const { clock, discovery, last } = open();
    const first = rejection(discovery.first());
    const { signal } = last();
    await clock.advanceAsync(999);
    expect(signal.aborted).toBe(false);
    await clock.advanceAsync(1);
    expect(String(await first)).toMatch(/no answer within 1000 ms/);
    expect(signal.aborted).toBe(true);
  });

  test('asks once, soon, however many doubt the answer', async () => {
    const { clock, discovery, questions, last, settle } = open();
    const first = discovery.first();
    last().answer('a');
    await first;
    await clock.advanceAsync(10_000);
    for (let doubts = 0; doubts < 100; doubts++) discovery.again();
    await clock.advanceAsync(50);
    expect(questions).toHaveLength(2);
    discovery.again();
    last().answer('b');
    await settle();
    await clock.advanceAsync(10_000);
    expect(questions).toHaveLength(2);
  });

  test('goes on asking while there is trouble, four times a second or so, and stops after it', async () => {
    const { clock, discovery, questions, last, state, settle } = open();
    const first = discovery.first();
    last().answer('a');
    await first;
    await clock.advanceAsync(10_000);
    state.isTroubled = true;
    discovery.again();
    let answered = 1;
    const answerAll = async () => {
      if (questions.length === answered) return;
      answered = questions.length;
      last().answer('a');
      await settle();
    };
    const gaps: number[] = [];
    let since = clock.now();
    for (let ms = 0; ms < 5_000; ms += 10) {
      const before = questions.length;
      await clock.advanceAsync(10);
      if (questions.length > before) {
        gaps.push(clock.now() - since);
        since = clock.now();
      }
      await answerAll();
    }
    expect(questions.length).toBeGreaterThan(10);
    expect(questions.length).toBeLessThan(45);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(520);
    // A fleet that doubts at the same moment must not ask in step.
    expect(new Set(gaps).size).toBeGreaterThan(3);
    state.isTroubled = false;
    for (let ms = 0; ms < 2_000; ms += 10) {
      await clock.advanceAsync(10);
      await answerAll();
    }
    const asked = questions.length;
    await clock.advanceAsync(10_000);
    expect(questions).toHaveLength(asked);
  });

  test('that is closed ends its question, asks no other and tells nobody', async () => {
    const { clock, context, discovery, questions, last, found, settle } = open();
    const first = rejection(discovery.first());
    discovery.close();
    expect(last().signal.aborted).toBe(true);
    expect(String(await first)).toMatch(/it is closed/);
    last().answer('late');
    await settle();
    discovery.again();
    await clock.advanceAsync(10_000);
    expect(questions).toHaveLength(1);
    expect(found).toEqual([]);
    expect(context.reported).toEqual([]);
  });
});

describe('the first answer', () => {
  const never = () => new Promise<string>(() => undefined);
  const failing = (why: string) => async (): Promise<string> => {
    throw new Error(why);
  };

  test('counts; the next is asked when one has failed or is silent', async () => {
    const clock = new FakeClock();
    const asked: string[] = [];
    const asking = (name: string, ask: () => Promise<string>) => () => {
      asked.push(name);
      return ask();
    };
    const answer = firstAnswer(clock, 200, [
      asking('failing', failing('no')),
      asking('silent', never),
      asking('good', async () => 'good'),
      asking('spare', async () => 'spare'),
    ]);
    await clock.advanceAsync(199);
    expect(asked).toEqual(['failing', 'silent']);
    await clock.advanceAsync(1);
    expect(await answer).toBe('good');
    await clock.advanceAsync(10_000);
    expect(asked).toEqual(['failing', 'silent', 'good']);
  });

  test('may come late from one that was thought silent', async () => {
    const clock = new FakeClock();
    let answerLate = (_: string): void => undefined;
    const late = () => new Promise<string>((resolve) => (answerLate = resolve));
    const answer = firstAnswer(clock, 200, [late, never]);
    await clock.advanceAsync(300);
    answerLate('late');
    expect(await answer).toBe('late');
  });

  test('of nobody says why, each reason once', async () => {
    const answer = firstAnswer(new FakeClock(), 200, [failing('no'), failing('never'), failing('no')]);
    expect(await rejection(answer)).toEqual(new Error('no; never'));
  });
});
