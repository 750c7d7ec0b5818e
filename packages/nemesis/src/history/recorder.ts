import type { Amnesia, FaultRecord, History, Load, Operation, ProcessRecord } from './history.js';
import { now } from './now.js';
import type { Report } from './report.js';

type Draft<T> = { -readonly [Member in keyof T]: T[Member] };

/** Puts together what the processes report and what was done to them. */
export class Recorder {
  readonly #operations = new Map<string, Draft<Operation>>();
  readonly #loads = new Map<string, Draft<Load>>();
  readonly #processes = new Map<string, Draft<ProcessRecord>>();
  readonly #faults: FaultRecord[] = [];
  readonly #amnesias: Amnesia[] = [];

  get operations(): number {
    return this.#operations.size;
  }

  get faults(): number {
    return this.#faults.length;
  }

  born(name: string, worker: number): void {
    this.#processes.set(name, { name, worker, started: now(), troubles: [], losses: [], stalls: [] });
  }

  died(name: string, end: NonNullable<ProcessRecord['end']>, code: number | string): void {
    Object.assign(this.#processes.get(name) ?? {}, { end, code, ended: now() });
  }

  take(name: string, report: Report): void {
    switch (report.of) {
      case 'start': {
        const { of: _, at: start, ...rest } = report;
        this.#operations.set(report.id, { ...rest, process: name, start });
        return;
      }
      case 'end':
        Object.assign(this.#operations.get(report.id) ?? {}, { end: report.at, outcome: report.outcome });
        return;
      case 'load': {
        const { of: _, at: start, ...rest } = report;
        this.#loads.set(report.id, { ...rest, process: name, start });
        return;
      }
      case 'loaded':
        Object.assign(this.#loads.get(report.id) ?? {}, { end: report.at, outcome: report.outcome });
        return;
      case 'trouble':
      case 'loss':
      case 'stall':
      case 'figures':
        this.#takeOwn(name, report);
    }
  }

  fault(fault: FaultRecord): void {
    this.#faults.push(fault);
  }

  amnesia(amnesia: Amnesia): void {
    this.#amnesias.push(amnesia);
  }

  history(leftovers: readonly string[]): History {
    return {
      operations: [...this.#operations.values()],
      loads: [...this.#loads.values()],
      processes: [...this.#processes.values()],
      faults: this.#faults,
      amnesias: this.#amnesias,
      leftovers,
    };
  }

  #takeOwn(name: string, report: Report & { readonly of: 'trouble' | 'loss' | 'stall' | 'figures' }): void {
    const process = this.#processes.get(name);
    if (process === undefined) return;
    if (report.of === 'trouble') process.troubles = [...process.troubles, report.text];
    else if (report.of === 'loss') process.losses = [...process.losses, report.at];
    else if (report.of === 'stall') process.stalls = [...process.stalls, report];
    else process.figures = report.figures;
  }
}
