import { expect, it } from "vitest";
import { ManualClock } from "../../shared/clock/manual-clock.fixture.ts";
import { MatchesElsewhere } from "./matches-elsewhere.ts";
import { OpenMatches } from "./open-matches.ts";
import type { Settled } from "./settled.ts";
import { settledFor } from "./settled.ts";

const ticket = {
  ...{ matchId: "m1", inviter: "Alan", inviterKey: "a", invitee: "Beto", inviteeKey: "b" },
  issuedAtSeconds: 0,
};

function elsewhere(): { matches: MatchesElsewhere; open: OpenMatches } {
  const open = new OpenMatches({ clock: new ManualClock(), limitMs: 1_000, onTimeIsUp: () => {} });
  const store = { findMatch: async () => null, openMatches: async () => [] };
  return {
    matches: new MatchesElsewhere({ store, open, readTicket: () => ticket, onMissed: () => {} }),
    open,
  };
}

const toldUsers = ({ toTell }: Settled) => toTell.map(({ user }) => user);

it("an outcome that arrives twice, from the store and from the server that settled it, is reported once", () => {
  const { matches, open } = elsewhere();
  open.start(ticket);
  open.byId("m1")?.answered.add("X");
  expect(toldUsers(matches.settled(settledFor(ticket, "X", null)))).toEqual(["Beto"]);
  expect(toldUsers(matches.settled(settledFor(ticket, "X", null)))).toEqual([]);
});

it("another outcome of the same match is reported", () => {
  const { matches, open } = elsewhere();
  open.start(ticket);
  matches.settled(settledFor(ticket, "X", null));
  expect(toldUsers(matches.settled(settledFor(ticket, "O", null)))).toEqual(["Alan", "Beto"]);
});
