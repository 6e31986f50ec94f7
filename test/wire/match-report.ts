// The signed actions of a match, as the blocks of a report (docs/PROTOCOL.md §7, §8).
import type { PlayerSymbol } from "../../src/game/board.ts";
import type { Action } from "../../src/game/match.ts";
import type { Signer } from "../../src/game/signature.ts";
import type { Ticket } from "../../src/game/ticket.ts";
import { newTranscript, signAction } from "../../src/game/transcript.ts";
import { action } from "../../src/protocol/fields.ts";

/** `steps` such as "11 22 13 endO"; X is the inviter. */
export function signedActions(
  ticketText: string,
  signers: Record<PlayerSymbol, Signer>,
  steps: string,
): string[] {
  // Signing uses the ticket's text alone.
  let transcript = newTranscript(ticketText, {} as Ticket);
  for (const step of steps.split(" ").filter(Boolean)) {
    const by = step.startsWith("end") ? (step.slice(3) as PlayerSymbol) : transcript.state.turn;
    const what: Action = step.startsWith("end")
      ? { kind: "end", symbol: by }
      : { kind: "play", row: Number(step[0]), column: Number(step[1]) };
    const signed = signAction(transcript, by, what, signers[by]);
    if (!signed.ok) throw new Error(`${step}: ${signed.code}`);
    transcript = signed.transcript;
  }
  return transcript.actions.map(action.write);
}

export function matchIdOf(ticketText: string): string {
  const payload = Buffer.from(ticketText.split(".")[0] as string, "base64url").toString();
  return payload.split(";")[1] as string;
}
