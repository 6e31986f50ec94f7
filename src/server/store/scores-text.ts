// The points of all accounts as one long text, which a database produces and transfers faster than 100,000 rows.
import type { UserPoints } from "./store.ts";

/** Of `user:points;user:points;…`; neither sign is in a user name. Null for nobody. */
export function readScores(text: string | null): UserPoints[] {
  if (!text) return [];
  return text.split(";").map((score) => {
    const colon = score.indexOf(":");
    return { user: score.slice(0, colon), points: Number(score.slice(colon + 1)) };
  });
}
