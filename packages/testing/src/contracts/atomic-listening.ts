import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lease } from 'recollect';
import { type AtomicSubject, type AtomicTest, grant, writing } from './atomic-subject.js';

/** In real milliseconds: so long nothing must have been heard before silence is believed. */
const QUIET = 30;

/** So often it is waited for, since a store may tell without a reason. */
const QUIET_TRIES = 10;

/** In real milliseconds: so long news are waited for before it is done once more. */
const RETRY = 300;

interface Ear {
  heard: number;
  stop(): void;
}

function listening({ store, at }: AtomicSubject): Ear {
  const ear: Ear = { heard: 0, stop: () => stop() };
  const stop = store.listen(at('k'), () => {
    ear.heard += 1;
  });
  return ear;
}

type Act = (subject: AtomicSubject, lease: Lease) => Promise<unknown>;

const commit: Act = ({ other, ...subject }, lease) => other.commit(lease, writing(subject, 'k', 'x'));
const release: Act = ({ other }, lease) => other.release(lease);
const invalidate: Act = ({ other, at }) => other.invalidate([at('k')]);
const settle: Act = ({ other, ...subject }) => other.settle(writing(subject, 'k', 'x'));

/**
 * Has the peer do it, under a lease of its own, until the ear has heard of it. More than once, since news may be lost
 * before the way to the ear is open; what is heard of the preparations does not count.
 */
async function reaches(subject: AtomicSubject, ear: Ear, act: Act): Promise<void> {
  const { other, at, patienceMs } = subject;
  const giveUp = Date.now() + patienceMs;
  for (;;) {
    await other.invalidate([at('k')]);
    const lease = await grant(subject, 'k', {}, other);
    await silence(ear);
    const before = ear.heard;
    await act(subject, lease);
    const retry = Date.now() + Math.min(RETRY, patienceMs);
    while (ear.heard === before && Date.now() < retry) await sleep(1);
    if (ear.heard > before) return;
    assert.ok(Date.now() < giveUp, `who listens was told nothing within ${patienceMs} ms`);
  }
}

async function silence(ear: Ear): Promise<void> {
  for (let tries = 0, before = -1; before !== ear.heard && tries < QUIET_TRIES; tries += 1) {
    before = ear.heard;
    await sleep(QUIET);
  }
}

async function isTold(subject: AtomicSubject, act: Act): Promise<void> {
  const ear = listening(subject);
  await reaches(subject, ear, act);
  ear.stop();
}

/** Who is told that something may have become of a key. */
export const listeningTests = {
  'tells of a commit elsewhere': (subject) => isTold(subject, commit),
  'tells of a release elsewhere': (subject) => isTold(subject, release),
  'tells of an invalidation elsewhere': (subject) => isTold(subject, invalidate),
  'tells of a settlement elsewhere': (subject) => isTold(subject, settle),

  'tells everyone who listens, and nobody who has stopped': async (subject) => {
    const [first, second, never] = [listening(subject), listening(subject), listening(subject)];
    never.stop();
    await reaches(subject, first, commit);
    await reaches(subject, second, commit);
    first.stop();
    first.stop();
    const { heard } = first;
    await reaches(subject, second, release);
    await reaches(subject, second, invalidate);
    second.stop();
    assert.deepEqual([never.heard, first.heard], [0, heard]);
  },
} satisfies Record<string, AtomicTest>;
