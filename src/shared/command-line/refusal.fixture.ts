// What a user reads when a command line is refused.
import { CommanderError } from "commander";
import { vi } from "vitest";

/** What `read` writes to stderr; throws unless it refuses. */
export function refusalOf(read: () => unknown): string {
  const said: string[] = [];
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  try {
    read();
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode !== 0) return said.join("");
    throw error;
  } finally {
    spy.mockRestore();
  }
  throw new Error("it was not refused");
}
