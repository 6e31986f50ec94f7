// What is stored of a match ↔ what settlement.ts decides on.
import type { Ticket } from "../../game/ticket.ts";
import { replay, type SignedAction, type Transcript } from "../../game/transcript.ts";
import { action as actionField } from "../../protocol/fields.ts";
import type { StoredMatch } from "../store/store.ts";
import type { MatchRecord } from "./settlement.ts";

/** The actions as `result` carries them, joined by `;`. */
export function storedActions({ actions }: Transcript): string {
  return actions.map(actionField.write).join(";");
}

/** `ticket` must be what `openTicket` made of the stored one. */
export function matchRecord(stored: StoredMatch, ticket: Ticket): MatchRecord {
  const { ticketText, hasAbandoned, verdict } = stored;
  const transcripts = stored.transcripts.map((actions) => readTranscript(ticketText, ticket, actions));
  return { hasAbandoned, verdict, transcripts };
}

/** Its signatures were verified before it was stored. */
function readTranscript(ticketText: string, ticket: Ticket, actions: string): Transcript {
  const signed = actions.split(";").map((text) => actionField.read(text) as SignedAction);
  const replayed = replay(ticketText, ticket, signed, () => true);
  if (!replayed.ok)
    throw new Error(`match ${ticket.matchId}: a stored transcript is damaged: ${replayed.code}`);
  return replayed.transcript;
}
