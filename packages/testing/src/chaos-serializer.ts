import type { Serializer } from 'recollect';
import { FaultScript, type ScriptedFault } from './fault-script.js';

export type SerializerOperation = 'encode' | 'decode';

/** `throw`: a plain `Error` that says it was scripted; an error: just that one. */
export type SerializerFault = 'throw' | Error;

/** Another serializer, under the same id, that throws where the script says so. */
export class ChaosSerializer implements Serializer {
  readonly id: string;
  /** What is going to go wrong, and how often each operation was called. */
  readonly script: FaultScript<SerializerOperation, SerializerFault>;
  readonly #inner: Serializer;

  constructor(
    inner: Serializer,
    faults: readonly ScriptedFault<SerializerOperation, SerializerFault>[] = [],
  ) {
    this.id = inner.id;
    this.script = new FaultScript(faults);
    this.#inner = inner;
  }

  accepts(value: unknown): boolean {
    return this.#inner.accepts?.(value) ?? true;
  }

  encode(value: unknown): Uint8Array {
    this.#strike('encode');
    return this.#inner.encode(value);
  }

  decode(data: Uint8Array): unknown {
    this.#strike('decode');
    return this.#inner.decode(data);
  }

  #strike(operation: SerializerOperation): void {
    const fault = this.script.strike(operation);
    if (fault === undefined) return;
    const call = this.script.calls(operation);
    throw fault === 'throw' ? new Error(`scripted fault in call ${call} of ${operation}`) : fault;
  }
}
