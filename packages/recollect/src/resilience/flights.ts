/**
 * One running load. Callers that arrive meanwhile share its promise; an invalidation fences it, after which it still
 * answers those who had joined, takes no more of them, and stores nothing.
 */
export class Flight {
  /** What the joiners wait for. Absent while a synchronous method runs: nobody can join that. */
  promise: Promise<unknown> | undefined;
  /** Makes one joiner's copy of the result, where joiners must not share it. */
  copy: (() => unknown) | undefined;
  /** The method ran for something else than the key says: those who joined must ask again. */
  strayed = false;
  /** Whether it may be stored is decided by the store itself. */
  leased = false;
  /** The value is there; only its way to the shared tier is still to go. */
  landed = false;
  #fenced = false;

  constructor(
    readonly key: string,
    readonly group: string,
  ) {}

  get fenced(): boolean {
    return this.#fenced;
  }

  fence(): void {
    this.#fenced = true;
  }
}

/** The running loads of a runtime, at most one to be joined per key. */
export class Flights {
  readonly #byKey = new Map<string, Flight>();
  /** Reads that nobody can join, and that must not bring back what was declared wrong meanwhile. */
  readonly #watches = new Set<Flight>();

  get size(): number {
    return this.#byKey.size;
  }

  /** The flight that a call for this key may join. */
  at(key: string): Flight | undefined {
    return this.#byKey.get(key);
  }

  /** Opens a flight; one that runs already for the key is overtaken by it and therefore fenced. */
  open(key: string, group: string): Flight {
    this.fence(key);
    const flight = new Flight(key, group);
    this.#byKey.set(key, flight);
    return flight;
  }

  /** Ends the flight, if it has not been fenced or overtaken already. */
  close(flight: Flight): void {
    if (this.#byKey.get(flight.key) === flight) this.#byKey.delete(flight.key);
  }

  /** Lets its result go to those who joined and nowhere else; who asks from now on starts anew. */
  abandon(flight: Flight): void {
    flight.fence();
    this.close(flight);
  }

  /** Takes the flight away from its key, for its result belongs elsewhere. */
  stray(flight: Flight): void {
    flight.strayed = true;
    flight.fence();
    this.close(flight);
  }

  /** Follows a read of the key that is no load: it is fenced like one, but neither joined nor overtaken. */
  watch(key: string, group: string): Flight {
    const watch = new Flight(key, group);
    this.#watches.add(watch);
    return watch;
  }

  unwatch(watch: Flight): void {
    this.#watches.delete(watch);
  }

  fence(key: string): void {
    const flight = this.#byKey.get(key);
    if (flight !== undefined) this.#drop(flight);
    for (const watch of this.#watches) if (watch.key === key) watch.fence();
  }

  fenceGroup(group: string): void {
    for (const flight of [...this.#byKey.values()]) if (flight.group === group) this.#drop(flight);
    for (const watch of this.#watches) if (watch.group === group) watch.fence();
  }

  /** Fences every load that has no value yet, unless the store does so by its lease; what has one goes on to be stored. */
  fenceLoads(): void {
    for (const flight of [...this.#byKey.values()]) if (!flight.landed && !flight.leased) this.#drop(flight);
    for (const watch of this.#watches) watch.fence();
  }

  fenceAll(): void {
    for (const flight of [...this.#byKey.values()]) this.#drop(flight);
    for (const watch of this.#watches) watch.fence();
  }

  #drop(flight: Flight): void {
    flight.fence();
    this.#byKey.delete(flight.key);
  }
}
