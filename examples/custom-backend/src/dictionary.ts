import { cached } from 'recollect';

export class Dictionary {
  lookups = 0;

  @cached({ hours: 1 })
  async translate(word: string): Promise<string> {
    this.lookups++;
    return [...word].reverse().join('');
  }
}
