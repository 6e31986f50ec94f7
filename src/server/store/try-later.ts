// TRY_LATER, the answer when the store does not take a change.
import { StoreError } from "./store.ts";

/** How long a client has to wait then. */
const STORE_TROUBLE_SECONDS = 5;

export type TryLater = { ok: false; code: "TRY_LATER"; seconds: number };

export type Refusal<Code extends string> = { ok: false; code: Code } | TryLater;

/** What the store could not save did not happen, so the client may try again. */
export async function tryLaterOnStoreTrouble<T>(work: () => Promise<T | TryLater>): Promise<T | TryLater> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { ok: false, code: "TRY_LATER", seconds: STORE_TROUBLE_SECONDS };
  }
}
