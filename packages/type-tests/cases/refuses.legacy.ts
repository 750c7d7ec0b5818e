import { cached } from 'recollect';

/** What only the legacy dialect has. */
export class Parameters {
  // @ts-expect-error 1239: a parameter is not cached
  async read(@cached({ minutes: 1 }) id: string): Promise<string> {
    return id;
  }
}
