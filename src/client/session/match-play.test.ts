import { describe, expect, it } from "vitest";
import type { Action } from "../../game/match.ts";
import { ed25519Signer, ed25519Verify, newPrivateKey } from "../../game/signature.ts";
import { signTicket } from "../../game/ticket.ts";
import type { PlayMessage } from "./event.ts";
import {
  claimOf,
  type Match,
  missingMessages,
  openMatch,
  receiveAction,
  signOwnAction,
} from "./match-play.ts";

const server = ed25519Signer(newPrivateKey());
const keys = { alan: ed25519Signer(newPrivateKey()), beto: ed25519Signer(newPrivateKey()) };
const ticket = signTicket(
  {
    matchId: "AAAAAAAAAAAAAAAA",
    inviter: "alan",
    inviterKey: keys.alan.publicKey,
    invitee: "beto",
    inviteeKey: keys.beto.publicKey,
    issuedAtSeconds: 1,
  },
  server,
);

type ActionMessage = Extract<PlayMessage, { name: "play" | "end" }>;

/** The two sides of one match, after `squares` were played. */
class Sides {
  alan: Match;
  beto: Match;

  constructor(squares = "") {
    const { publicKey } = server;
    this.alan = openMatch(ticket, publicKey, "alan", keys.alan, ed25519Verify)!;
    this.beto = openMatch(ticket, publicKey, "beto", keys.beto, ed25519Verify)!;
    for (const square of squares.split(" ").filter(Boolean)) {
      const mover = this.alan.transcript.state.turn === "X" ? "alan" : "beto";
      this.receives(mover === "alan" ? "beto" : "alan", this.does(mover, square));
    }
  }

  /** `what` is a square such as `22`, or `end`. */
  does(who: "alan" | "beto", what: string): ActionMessage {
    const [row, column] = [...what].map(Number) as [number, number];
    const action: Action =
      what === "end" ? { kind: "end", symbol: this[who].symbol } : { kind: "play", row, column };
    const acted = signOwnAction(this[who], action);
    if (!acted.ok) throw new Error(acted.code);
    this[who] = acted.match;
    return acted.message;
  }

  receives(who: "alan" | "beto", message: ActionMessage): string {
    const received = receiveAction(this[who], message, ed25519Verify);
    if (received.kind !== "refused") this[who] = received.match;
    return received.kind === "refused" ? received.code : received.kind;
  }

  actions(who: "alan" | "beto"): string {
    return this[who].transcript.actions
      .map((action) => (action.kind === "end" ? `end ${action.symbol}` : `${action.row}${action.column}`))
      .join(" ");
  }
}

describe("a ticket", () => {
  it.each([
    ["for others", "caio", keys.alan, server.publicKey],
    ["for another key", "alan", keys.beto, server.publicKey],
    ["of another server", "alan", keys.alan, keys.beto.publicKey],
  ] as const)("%s opens no match", (_title, self, signer, ticketKey) => {
    expect(openMatch(ticket, ticketKey, self, signer, ed25519Verify)).toBeNull();
  });
});

describe("an action of the opponent", () => {
  it("is accepted when it is legal and signed", () => {
    const sides = new Sides();
    expect(sides.receives("beto", sides.does("alan", "22"))).toBe("added");
    expect(sides.actions("beto")).toBe("22");
  });

  it("is ignored when it is known already", () => {
    const sides = new Sides();
    const move = sides.does("alan", "22");
    sides.receives("beto", move);
    expect(sides.receives("beto", move)).toBe("ignored");
  });

  it.each([
    ["a number too high", { n: 2 }, "BAD_ARGUMENTS"],
    ["another square than the one signed", { column: 3 }, "BAD_SIGNATURE"],
    ["a signature of another match", { signature: "A".repeat(86) }, "BAD_SIGNATURE"],
  ])("is refused with %s", (_title, change, code) => {
    const sides = new Sides();
    const message = { ...sides.does("alan", "22"), ...change } as ActionMessage;
    expect(sides.receives("beto", message)).toBe(code);
    expect(sides.actions("beto")).toBe("");
  });

  it("is refused when it comes out of turn", () => {
    const sides = new Sides("22");
    const [first] = missingMessages(sides.alan, 0) as ActionMessage[];
    expect(sides.receives("beto", { ...first, column: 3, row: 1, n: 2 } as ActionMessage)).toBe(
      "NOT_YOUR_TURN",
    );
  });

  it("is refused when another action with its number is known", () => {
    const sides = new Sides("22");
    const forked = new Sides();
    expect(sides.receives("beto", forked.does("alan", "11"))).toBe("BAD_ARGUMENTS");
    expect(sides.actions("beto")).toBe("22");
  });

  it("is refused after the match is over", () => {
    const sides = new Sides("11 21 12 22 13");
    const message: ActionMessage = { name: "play", row: 3, column: 3, n: 6, signature: "A".repeat(86) };
    expect(sides.receives("alan", message)).toBe("MATCH_OVER");
  });
});

describe("crossing", () => {
  it("of a move and an end: both keep the end", () => {
    const sides = new Sides("22 11");
    const move = sides.does("alan", "33");
    const end = sides.does("beto", "end");
    expect(sides.receives("beto", move)).toBe("ignored");
    expect(sides.receives("alan", end)).toBe("added");
    expect([sides.actions("alan"), sides.actions("beto")]).toEqual(["22 11 end O", "22 11 end O"]);
    expect([claimOf(sides.alan), claimOf(sides.beto)]).toEqual(["WIN", "LOST"]);
  });

  it("of a move that finishes the board and an end: both keep the move", () => {
    const sides = new Sides("11 21 12 22");
    const move = sides.does("alan", "13");
    const end = sides.does("beto", "end");
    expect(sides.receives("alan", end)).toBe("ignored");
    expect(sides.receives("beto", move)).toBe("added");
    expect([sides.actions("alan"), sides.actions("beto")]).toEqual(["11 21 12 22 13", "11 21 12 22 13"]);
  });

  it("of two ends: both keep X's", () => {
    const sides = new Sides("22");
    const alans = sides.does("alan", "end");
    const betos = sides.does("beto", "end");
    expect(sides.receives("alan", betos)).toBe("ignored");
    expect(sides.receives("beto", alans)).toBe("added");
    expect([sides.actions("alan"), sides.actions("beto")]).toEqual(["22 end X", "22 end X"]);
  });

  it("silently ignores what follows a dropped move", () => {
    const sides = new Sides("22 11");
    sides.does("beto", "end");
    const move = sides.does("alan", "33");
    const end = sides.does("alan", "end");
    expect([sides.receives("beto", move), sides.receives("beto", end)]).toEqual(["ignored", "ignored"]);
  });

  it("refuses a forged end", () => {
    const sides = new Sides("22 11");
    sides.does("alan", "33");
    const forged: ActionMessage = { name: "end", symbol: "O", n: 3, signature: "A".repeat(86) };
    expect(sides.receives("alan", forged)).toBe("BAD_ARGUMENTS");
    expect(sides.actions("alan")).toBe("22 11 33");
  });
});

describe("after rejoining", () => {
  it("each player sends what the other is missing", () => {
    const sides = new Sides("22 11 33");
    const fresh = new Sides();
    for (const message of missingMessages(sides.alan, 0)) fresh.receives("beto", message);
    expect(fresh.actions("beto")).toBe("22 11 33");
    expect(missingMessages(sides.alan, 2).map(({ n }) => n)).toEqual([3]);
    expect(missingMessages(sides.alan, 3)).toEqual([]);
  });
});
