// What keeps the server from starting, said so that its user can mend it: what is wrong, and what to do.

/** `message` is one line for the user; `cause` is for the curious. */
export class StartupError extends Error {
  override readonly name = "StartupError";
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
