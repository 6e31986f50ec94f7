// A match between two bare players, in the steps that the server sees. The moves are made when the result is due.
import type { Action } from "../../src/game/match.ts";
import { ed25519Verify } from "../../src/game/signature.ts";
import { openTicket } from "../../src/game/ticket.ts";
import { newTranscript, signAction } from "../../src/game/transcript.ts";
import type { BarePlayer } from "./bare-player.ts";

/** X wins with the seventh move: the length of an average match. */
const MOVES = ["1,1", "1,2", "2,2", "3,3", "2,1", "1,3", "3,1"];

export interface Pair {
  readonly x: BarePlayer;
  readonly o: BarePlayer;
}

/** From `begin` to `beginACK`. */
export async function begin({ x, o }: Pair): Promise<void> {
  const invited = o.control.hears(`invite;${x.name}`).then(() => o.control.say(`inviteACK;${x.name}`));
  await Promise.all([x.control.asks(`begin;${o.name}`, `beginACK;${o.name}`), invited]);
}

/** From the invitee's `answer` until both have the ticket. */
export async function accept({ x, o }: Pair): Promise<void> {
  const accepted = x.control.hears(`answer;${o.name};True`);
  const [ticket = ""] = await o.control.asks(`answer;${x.name};True;1;${o.name};2`, `answerACK;${x.name}`);
  await accepted;
  x.control.say(`answerACK;${o.name}`);
  o.ticket = ticket;
  x.ticket = ticket;
}

export function reportWin({ x, o }: Pair): Promise<unknown> {
  return report(x, `result;${x.name};${o.name};WIN`, { x, o });
}

export function reportLoss({ x, o }: Pair): Promise<unknown> {
  return report(o, `result;${o.name};${x.name};LOST`, { x, o });
}

function report(by: BarePlayer, claim: string, pair: Pair): Promise<unknown> {
  return by.control.asks([claim, by.ticket, ...signedActions(pair)].join(";"), "resultACK");
}

function signedActions({ x, o }: Pair): string[] {
  const ticket = openTicket(x.ticket, x.ticketKey, ed25519Verify);
  if (!ticket) throw new Error("the server's ticket is not signed with its key");
  let transcript = newTranscript(x.ticket, ticket);
  for (const move of MOVES) {
    const { turn } = transcript.state;
    const [row = 0, column = 0] = move.split(",").map(Number);
    const action = { kind: "play", row, column } as Action;
    const signed = signAction(transcript, turn, action, turn === "X" ? x.signer : o.signer);
    if (!signed.ok) throw new Error(`${move}: ${signed.code}`);
    transcript = signed.transcript;
  }
  return transcript.actions.map(({ signature }, index) => `${MOVES[index]},${signature}`);
}
