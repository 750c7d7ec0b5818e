import type { AtomicMode, Lease } from 'recollect';

/** What a claim says, apart from the key it is on. */
export type Claim = Pick<Lease, 'mode' | 'token' | 'epoch' | 'fence'>;

const LETTERS: Readonly<Record<AtomicMode, string>> = { at_least_once: 'l', at_most_once: 'm' };

/** Somebody else has written where a claim or a fence number belongs. Nothing was done. */
export class ForeignNoteError extends Error {
  override readonly name = 'ForeignNoteError';
}

const PATTERN = /^([lm])([^ ]+) (\d*) ([^ ]*)$/;

export function letterOf(mode: AtomicMode): string {
  return LETTERS[mode];
}

/** A claim as it lies in Redis: a letter for the mode, the token, the fence number if there is one, the epoch. */
export function claimText({ mode, token, epoch, fence }: Claim): string {
  return `${LETTERS[mode]}${token} ${fence ?? ''} ${epoch}`;
}

/** What the claim of a lease starts with, and no other. The lease is intact as long as such a claim lies there. */
export function claimMark({ mode, token }: Pick<Claim, 'mode' | 'token'>): string {
  return `${LETTERS[mode]}${token} `;
}

/** @throws ForeignNoteError when it is none of ours. */
export function parseClaim(text: string): Claim {
  const [, letter, token, fence, epoch] = PATTERN.exec(text) ?? [];
  if (token === undefined || epoch === undefined)
    throw new ForeignNoteError('what lies in place of a claim is none');
  return {
    mode: letter === LETTERS.at_most_once ? 'at_most_once' : 'at_least_once',
    token,
    epoch,
    fence: fence ? Number(fence) : undefined,
  };
}
