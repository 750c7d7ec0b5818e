import { describe, expect, test } from '@jest/globals';
import { gate } from '@recollect/testing';

describe('a gate', () => {
  test('lets through who waits and who comes later, with the value', async () => {
    const door = gate<string>();
    const early = door.opened;
    door.open('value');
    door.open('another');
    expect(await early).toBe('value');
    expect(await door.opened).toBe('value');
  });

  test('turns away who waits and who comes later', async () => {
    const door = gate();
    const early = door.opened;
    const error = new Error('closed for good');
    door.fail(error);
    door.open();
    await expect(early).rejects.toBe(error);
    await expect(door.opened).rejects.toBe(error);
  });

  test('says when someone has arrived, and not before', async () => {
    const door = gate();
    const seen: string[] = [];
    void door.arrived.then(() => seen.push('arrived'));
    await Promise.resolve();
    expect(seen).toEqual([]);
    const waiting = door.opened.then(() => seen.push('through'));
    await door.arrived;
    expect(seen).toEqual(['arrived']);
    door.open();
    await waiting;
    expect(seen).toEqual(['arrived', 'through']);
  });

  test('that fails with nobody there is no unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    gate().fail(new Error('nobody hears'));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});
