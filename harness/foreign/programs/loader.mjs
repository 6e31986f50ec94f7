// A module loader of the program's own.
export async function resolve(specifier, context, next) {
  return next(specifier, context);
}
