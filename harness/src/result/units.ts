// The units of the parts of a result.
import { z } from "zod";

export const timeMs = z.number().nonnegative().describe("milliseconds since the run began (monotonic clock)");
export const bytes = z.number().int().nonnegative();
