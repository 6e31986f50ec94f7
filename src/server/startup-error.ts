// What keeps the server from starting, said so that its user can mend it: what is wrong, and what to do.

/** `message` is one line for the user; `cause` is for the curious. */
export class StartupError extends Error {
  override readonly name = "StartupError";
}

export function errorText(error: unknown): string {
  // A host with several addresses: what went wrong with the first.
  if (error instanceof AggregateError && error.message === "") return errorText(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
