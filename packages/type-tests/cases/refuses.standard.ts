import { cached } from 'recollect';

export class Private {
  // @ts-expect-error 1270: a plain value stays synchronous
  @cached({ minutes: 1 })
  #secret(id: string): string {
    return id;
  }

  // @ts-expect-error 1240: an accessor is a field
  @cached({ minutes: 1, localOnly: true })
  accessor kept = 1;

  read(id: string): string {
    return this.#secret(id);
  }
}
