// Two players with keys, a server that signs, and the tickets of their matches.
import { ed25519Signer, ed25519Verify, newPrivateKey } from "./signature.ts";
import { openTicket, signTicket, type Ticket } from "./ticket.ts";
import { newTranscript, type Transcript } from "./transcript.ts";

export const server = ed25519Signer(newPrivateKey());
export const alan = ed25519Signer(newPrivateKey());
export const beto = ed25519Signer(newPrivateKey());

export const ticket: Ticket = {
  matchId: "AAECAwQFBgcICQoL",
  inviter: "Alan",
  inviterKey: alan.publicKey,
  invitee: "Beto",
  inviteeKey: beto.publicKey,
  issuedAtSeconds: 1_700_000_000,
};

/** An empty transcript under a ticket of the server. */
export function freshTranscript(changes: Partial<Ticket> = {}): Transcript {
  const text = signTicket({ ...ticket, ...changes }, server);
  const opened = openTicket(text, server.publicKey, ed25519Verify);
  if (!opened) throw new Error("the server's own ticket does not open");
  return newTranscript(text, opened);
}
