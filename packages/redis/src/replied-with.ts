import { ErrorReply } from '@redis/client';

/** Whether the server refused with an error that starts so: nothing but its text tells one error from another. */
export function repliedWith(error: unknown, ...starts: readonly string[]): boolean {
  return error instanceof ErrorReply && starts.some((start) => error.message.startsWith(start));
}
