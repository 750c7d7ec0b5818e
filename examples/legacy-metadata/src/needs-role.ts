import 'reflect-metadata';

const ROLE = 'example:role';

/** A decorator as frameworks have them: it leaves a note on the method, for whoever calls it to heed. */
export function needsRole(role: string): MethodDecorator {
  return (_target, _key, descriptor) => Reflect.defineMetadata(ROLE, role, Object(descriptor.value));
}

/** The note on a method, as a framework would read it before a call. */
export function roleFor(method: object): string | undefined {
  return Reflect.getMetadata(ROLE, method) as string | undefined;
}
