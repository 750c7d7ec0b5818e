import { type Method, type Resolver, Site } from '../engine/site.js';
import type { SiteOperations } from '../engine/site-operations.js';
import { wrapperFor } from '../engine/wrapper.js';
import { ConfigurationError } from '../model/errors.js';
import type { Policy } from '../model/policy.js';
import type { Rebindable, RuntimeHost } from '../runtime/host.js';
import type { Bound } from '../runtime/runtime.js';
import { mimic } from './mimic.js';
import { declaringOwner, looksMinified, ownerName } from './owner.js';

/** Names given out to local-only sites that have none worth keeping. */
let anonymous = 0;

/** What is known of a decorated member before anything is called. */
export interface Member {
  readonly key: string | symbol;
  readonly isPrivate: boolean;
}

/**
 * A site between decoration and its first call: knows the options, makes the wrapper, finds the name as soon as the class
 * can be seen, and binds to the current runtime when it is called, as often as that changes.
 */
export class Blueprint implements Resolver, Rebindable {
  readonly site: Site;
  readonly wrapper: Method;
  #name: string | undefined;
  #bound: Bound | undefined;
  /** The owner is known: instances made from now on need not be looked at. */
  #settled = false;

  constructor(
    method: Method,
    policy: Policy,
    private readonly member: Member,
    private readonly host: RuntimeHost,
  ) {
    this.site = new Site(method, policy, this);
    this.wrapper = wrapperFor(this.site);
    mimic(this.wrapper, method);
    host.track(this);
    if (policy.name !== undefined) this.#claim(policy.name);
    else if (member.isPrivate || typeof member.key === 'symbol')
      throw this.#nameless('cannot be seen from outside the class');
  }

  /** Names the site after the class that declares it. */
  adopt(owner: object): void {
    if (this.#name !== undefined) return;
    const className = ownerName(owner);
    const name = `${className}.${String(this.member.key)}`;
    if (!looksMinified(className)) this.#claim(name);
    else if (this.site.policy.tiers !== 'local')
      throw this.#nameless(`would be '${name}', which may be a minifier's work`);
    else {
      anonymous += 1;
      this.#claim(`${name}~${anonymous}`);
    }
  }

  /** Names the site after the class of an instance; the owner, when it has just become known. */
  adoptFrom(self: unknown): object | undefined {
    if (this.#settled) return undefined;
    const owner = declaringOwner(self, this.member.key, this.wrapper);
    if (owner === undefined) return undefined;
    this.adopt(owner);
    // Not before: a name that was refused is refused again, for the same reason.
    this.#settled = true;
    return owner;
  }

  /** Whether the site has a name, or finds one by the instance; without one it has no entries. */
  isNamed(self: unknown): boolean {
    this.adoptFrom(self);
    return this.#name !== undefined;
  }

  resolve(self: unknown, args: ArrayLike<unknown>): unknown {
    const { resolver } = this.#bind(self);
    this.site.resolver = resolver;
    return resolver.resolve(self, args);
  }

  operations(self: unknown): SiteOperations {
    return this.#bind(self).operations;
  }

  unbind(): void {
    this.#bound = undefined;
    this.site.conceal();
    this.site.resolver = this;
  }

  #bind(self: unknown): Bound {
    if (this.#name === undefined) this.adoptFrom(self);
    if (this.#name === undefined)
      throw this.#nameless('cannot be told: no class in the chain of this declares it alone');
    this.#bound ??= this.host.bind(this, this.#name);
    return this.#bound;
  }

  #claim(name: string): void {
    this.host.claim(name, this);
    this.#name = name;
  }

  #nameless(why: string): ConfigurationError {
    return new ConfigurationError(
      `@cached on ${String(this.member.key)}: the site's name ${why}; accepted: the option name, such as name: 'users.find'`,
    );
  }
}
