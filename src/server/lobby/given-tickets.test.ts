import { beforeEach, expect, it } from "vitest";
import { formatMessage } from "../../protocol/codec.ts";
import { controlFromServer } from "../../protocol/messages.ts";
import { MemoryDirectory } from "../directory/memory-directory.ts";
import type { Player } from "../directory/player.ts";
import { Lobby } from "./lobby.ts";
import type { Effect } from "./lobby-effects.ts";

const TICKET = "dGlja2V0.c2lnbmF0dXJl";
const endpoints = { gamePort: 4001, self: "Beto", pingPort: 4002, announcedHost: undefined };
let lobby: Lobby;
let lastConnection = 0;

function comes(user: string, publicKey = `${user}'s key`): Player {
  const connectionId = `connection ${++lastConnection}`;
  const player = { user, connectionId, publicKey, address: "10.0.0.1", serverAddress: "10.0.0.9" };
  lobby.enter(player);
  lobby.setHeartbeat(player, true);
  return player;
}

function said(effects: Effect[]): string[] {
  return effects.flatMap((effect) => {
    if (effect.kind === "tell")
      return `${effect.to.user} < ${formatMessage(controlFromServer, effect.message)}`;
    return effect.kind === "refuse" ? `${effect.to.user} < ${effect.request} ${effect.code}` : effect.kind;
  });
}

beforeEach(() => {
  lobby = new Lobby(() => 0, new MemoryDirectory());
  const alan = comes("Alan");
  const beto = comes("Beto");
  lobby.begin(alan, "Beto");
  lobby.accept(beto, "Alan", endpoints);
  lobby.matchStarted(1, "m1", TICKET);
});

it("an inviter who lost the connection before the ticket came gets it by repeating begin", () => {
  const alan = comes("Alan");
  expect(said(lobby.begin(alan, "Beto"))).toEqual([
    "Alan < beginACK;Beto",
    `Alan < answer;Beto;True;10.0.0.1;4001;4002;${TICKET}`,
    "attend",
  ]);
});

it("an inviter gets the ticket again once per connection", () => {
  const alan = comes("Alan");
  lobby.begin(alan, "Beto");
  expect(said(lobby.begin(alan, "Beto"))).toEqual(["Alan < begin BUSY"]);
});

it("an inviter who is back in the match with its ticket may not begin it again", () => {
  const alan = comes("Alan");
  lobby.attends(alan);
  expect(said(lobby.begin(alan, "Beto"))).toEqual(["Alan < begin BUSY"]);
});

it("an inviter with another key gets no ticket, because it would be useless", () => {
  expect(said(lobby.begin(comes("Alan", "a new key"), "Beto"))).toEqual(["Alan < begin BUSY"]);
});

it("an inviter gets no ticket for a match with another player", () => {
  comes("Carla");
  expect(said(lobby.begin(comes("Alan"), "Carla"))).toEqual(["Alan < begin IN_MATCH"]);
});

it("no ticket is given for a match that is over", () => {
  for (const user of ["Alan", "Beto"]) lobby.endMatch(user, "m1");
  expect(said(lobby.begin(comes("Alan"), "Beto"))).toEqual(["Beto < invite;Alan", "armTimer"]);
});

it("an invitee who lost the connection before the ticket came gets it by repeating the answer", () => {
  const beto = comes("Beto");
  expect(said(lobby.accept(beto, "Alan", endpoints))).toEqual(["findTicket"]);
  const inviter = { user: "Alan", publicKey: "Alan's key" };
  const match = { matchId: "m1", inviter, invitee: "Beto", ticket: TICKET, endpoints };
  expect(said(lobby.ticketFound(beto, match))).toEqual([`Beto < answerACK;Alan;${TICKET}`, "attend"]);
  expect(said(lobby.accept(beto, "Alan", endpoints))).toEqual(["Beto < answer NO_INVITATION"]);
});

it("an inviter is told the invitee's new ports if the invitee has answered again", () => {
  const beto = comes("Beto");
  const inviter = { user: "Alan", publicKey: "Alan's key" };
  const now = { ...endpoints, gamePort: 5001 };
  lobby.ticketFound(beto, { matchId: "m1", inviter, invitee: "Beto", ticket: TICKET, endpoints: now });
  expect(said(lobby.begin(comes("Alan"), "Beto"))).toContain(
    `Alan < answer;Beto;True;10.0.0.1;5001;4002;${TICKET}`,
  );
});

it("an answer without an invitation is refused", () => {
  expect(said(lobby.ticketFound(comes("Beto"), null))).toEqual(["Beto < answer NO_INVITATION"]);
});
