// Errors that prevent the start, for the operator: what is wrong, and what to do.

/** `message` is one line for the operator; `cause` has the details. */
export class StartupError extends Error {
  override readonly name = "StartupError";
}

export function errorText(error: unknown): string {
  // A host with several addresses: report the error of the first.
  if (error instanceof AggregateError && error.message === "") return errorText(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
