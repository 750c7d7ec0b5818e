import { FakeClock, type Gate, gate } from '@recollect/testing';
import { type Access, type FaultKind, Guard, type GuardOptions } from 'recollect/guard';

/** An error that says itself what it means. */
export class Fault extends Error {
  constructor(readonly kind: FaultKind) {
    super(`a fault of kind ${kind}`);
  }
}

/** The three reasons a guard has of its own, by name: their classes are internal. */
export type Outcome = 'done' | 'DeadlineError' | 'OverloadError' | 'OpenCircuitError' | 'Error' | FaultKind;

/** A guard on a fake clock, and what reached the store behind it. */
export class GuardedStore {
  readonly clock = new FakeClock();
  readonly reports: string[] = [];
  readonly guard: Guard;
  /** Operations that were sent. */
  sent = 0;
  stalls = 0;
  /** Between 0 and 1; 0.5 is no jitter. */
  random = 0.5;
  /** Those that neither answered nor failed. */
  readonly hanging: Gate[] = [];

  constructor(options: GuardOptions = {}) {
    const context = {
      clock: this.clock,
      report: ({ error }: { error: unknown }) => void this.reports.push((error as Error).message),
    };
    const hooks = {
      faultOf: (error: unknown) => (error as Fault).kind,
      stalled: () => void this.stalls++,
    };
    this.guard = new Guard('Store', options, context, hooks, () => this.random);
  }

  /** One operation that ends at once. */
  end(access: Access, fault?: FaultKind): Promise<Outcome> {
    return outcome(
      this.guard.run(access, 0, async () => {
        this.sent++;
        if (fault !== undefined) throw new Fault(fault);
      }),
    );
  }

  async times(count: number, access: Access, fault?: FaultKind): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (let done = 0; done < count; done++) outcomes.push(await this.end(access, fault));
    return outcomes;
  }

  /** One operation that hangs until its gate, the last of `hanging`, lets it go. */
  hang(access: Access = 'read', bytes = 0): Promise<Outcome> {
    return outcome(
      this.guard.run(access, bytes, () => {
        this.sent++;
        const reply = gate();
        this.hanging.push(reply);
        return reply.opened;
      }),
    );
  }

  /** Probes until the breaker is on its ramp. */
  async probe(access: Access): Promise<void> {
    await this.times(3, access);
  }
}

/** How an operation ended, as one word. */
export async function outcome(running: Promise<unknown>): Promise<Outcome> {
  try {
    await running;
    return 'done';
  } catch (error) {
    return error instanceof Fault ? error.kind : ((error as Error).name as Outcome);
  }
}

/** How many of each there are. */
export function tally(outcomes: readonly Outcome[]): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const one of outcomes) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}
