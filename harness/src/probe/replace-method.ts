// Wraps a method in a function so that the object looks the same from outside.
type Method = (this: never, ...args: never[]) => unknown;

export function replaceMethod<T extends object, K extends keyof T & string>(
  owner: T,
  name: K,
  wrap: (original: T[K]) => T[K],
): void {
  const original = owner[name];
  const replacement = wrap(original);
  for (const property of ["name", "length"] as const) {
    Object.defineProperty(replacement, property, {
      value: (original as Method)[property],
      configurable: true,
    });
  }
  const isEnumerable = Object.getOwnPropertyDescriptor(owner, name)?.enumerable ?? false;
  Object.defineProperty(owner, name, {
    value: replacement,
    enumerable: isEnumerable,
    writable: true,
    configurable: true,
  });
}
