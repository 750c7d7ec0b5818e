/** A reply of a kind that the command never has: this connection hands replies to the wrong callers. */
export class OutOfStepError extends Error {
  override readonly name = 'OutOfStepError';
  constructor(command: string, reply: unknown) {
    const type = reply === null ? 'null' : Buffer.isBuffer(reply) ? 'a blob' : `a ${typeof reply}`;
    super(`${command} was answered with ${type}: replies and commands are out of step`);
  }
}

export function numberReply(command: string, reply: unknown): number {
  if (typeof reply === 'number') return reply;
  throw new OutOfStepError(command, reply);
}

export function blobReply(command: string, reply: unknown): Buffer | null {
  if (reply === null || Buffer.isBuffer(reply)) return reply;
  throw new OutOfStepError(command, reply);
}

/** `true` for OK, `false` for nothing. */
export function okReply(command: string, reply: unknown): boolean {
  if (reply === 'OK' || reply === null) return reply !== null;
  throw new OutOfStepError(command, reply);
}
