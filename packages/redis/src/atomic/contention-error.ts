/** Others changed the key each time between the look at it and the change. Nothing was done. */
export class ContentionError extends Error {
  override readonly name = 'ContentionError';
  constructor(attempts: number) {
    super(`others changed the key in all ${attempts} attempts`);
  }
}
