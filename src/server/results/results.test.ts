import { randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { alan, beto } from "../../game/players.fixture.ts";
import { ed25519Signer, ed25519Verify, newPrivateKey } from "../../game/signature.ts";
import { openTicket, signTicket } from "../../game/ticket.ts";
import { newTranscript } from "../../game/transcript.ts";
import type { Claim } from "../../protocol/fields.ts";
import { ManualClock } from "../../shared/clock/manual-clock.fixture.ts";
import { openStore } from "../store/sqlite-store.ts";
import { type Store, StoreError } from "../store/store.ts";
import { tempDirectory } from "../temp-directory.fixture.ts";
import { MemoryLeaderboard } from "./memory-leaderboard.ts";
import { played } from "./played.fixture.ts";
import { Results } from "./results.ts";
import type { Settled } from "./settled.ts";

const LIMIT_MS = 180_000;
const xWins = "11 21 12 22 13";

let directory: string;
let store: Store;
let clock: ManualClock;
let leaderboard: MemoryLeaderboard;
let results: Results;
let settled: Settled[];
/** Resolves with the next match that is settled. */
let nextSettled: () => Promise<Settled>;

async function openResults(): Promise<void> {
  store = await openStore(directory);
  leaderboard = new MemoryLeaderboard(await store.scores(), () => store.scores());
  settled = [];
  let resolveNext: (value: Settled) => void = () => {};
  nextSettled = () =>
    new Promise((resolve) => {
      resolveNext = resolve;
    });
  const onSettled = (one: Settled) => {
    settled.push(one);
    resolveNext(one);
  };
  const onMissed = onSettled;
  results = await Results.open({ store, clock, leaderboard, random: randomBytes, onSettled, onMissed });
}

async function restart(): Promise<void> {
  await results.close();
  await store.close();
  await openResults();
}

beforeEach(async () => {
  directory = tempDirectory();
  clock = new ManualClock();
  await openResults();
  for (const user of ["Alan", "Beto", "Caio"]) {
    await store.addAccount({ user, passwordHash: "", points: 0 });
    leaderboard.add(user, 0);
  }
  return async () => {
    await results.close();
    await store.close();
  };
});

/** A match of Alan (X) and Beto (O), both logged in. */
async function newMatch(): Promise<{ matchId: string; ticket: string }> {
  for (const user of ["Alan", "Beto"]) results.seen(user);
  const started = await results.startMatch({
    inviter: "Alan",
    inviterKey: alan.publicKey,
    invitee: "Beto",
    inviteeKey: beto.publicKey,
  });
  if (!started.ok) throw new Error(started.code);
  return started;
}

function actionsOf(ticketText: string, steps: string) {
  const ticket = openTicket(ticketText, results.ticketKey, ed25519Verify);
  if (!ticket) throw new Error("not this server's ticket");
  return [...played(steps, newTranscript(ticketText, ticket)).actions];
}

function report(user: string, claim: Claim, ticket: string, steps = "", self = user, server = results) {
  const opponent = self === "Beto" ? "Alan" : "Beto";
  const actions = actionsOf(ticket, steps);
  return server.report(user, { name: "result", self, opponent, claim, ticket, actions });
}

/** Another server of the game, with the same store. */
function otherServer(): Promise<Results> {
  const onSettled = () => {};
  return Results.open({ store, clock, leaderboard, random: randomBytes, onSettled });
}

const points = () => [leaderboard.pointsOf("Alan"), leaderboard.pointsOf("Beto")];

describe("a ticket", () => {
  it("is signed with a key that the server keeps for life", async () => {
    const { ticketKey } = results;
    const { ticket, matchId } = await newMatch();
    expect(openTicket(ticket, ticketKey, ed25519Verify)).toEqual({
      matchId,
      inviter: "Alan",
      inviterKey: alan.publicKey,
      invitee: "Beto",
      inviteeKey: beto.publicKey,
      issuedAtSeconds: Math.floor(clock.nowMs() / 1_000),
    });
    await restart();
    expect(results.ticketKey).toBe(ticketKey);
  });
});

describe("a report", () => {
  it("is answered with the match, the outcome and the points, and both count once", async () => {
    const { ticket, matchId } = await newMatch();
    const won = { ok: true, matchId, outcome: "WIN", points: 2 };
    expect(await report("Alan", "WIN", ticket, xWins)).toEqual(won);
    expect(settled).toEqual([
      {
        matchId,
        inviter: "Alan",
        invitee: "Beto",
        outcome: "X",
        toTell: [{ user: "Beto", outcome: "LOST", points: 0 }],
      },
    ]);
    expect(await report("Beto", "LOST", ticket, xWins)).toEqual({
      ok: true,
      matchId,
      outcome: "LOST",
      points: 0,
    });
    expect(await report("Alan", "WIN", ticket, xWins)).toEqual(won);
    expect(points()).toEqual([2, 0]);
    expect(settled).toHaveLength(1);
    await restart();
    expect(points()).toEqual([2, 0]);
    expect(await report("Alan", "WIN", ticket, xWins)).toEqual(won);
    expect(points()).toEqual([2, 0]);
  });

  it("sent many times at once counts once", async () => {
    const { ticket } = await newMatch();
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        index % 2 ? report("Alan", "WIN", ticket, xWins) : report("Beto", "LOST", ticket, xWins),
      ),
    );
    expect(all.every(({ ok }) => ok)).toBe(true);
    expect(points()).toEqual([2, 0]);
  });

  it("sent to two servers on one store at once counts once", async () => {
    const { ticket } = await newMatch();
    const onSettled = (one: Settled) => void settled.push(one);
    const other = await Results.open({ store, clock, leaderboard, random: randomBytes, onSettled });
    const reports = await Promise.all([
      report("Alan", "WIN", ticket, xWins),
      report("Beto", "LOST", ticket, xWins, "Beto", other),
      report("Alan", "WIN", ticket, xWins, "Alan", other),
    ]);
    expect(reports.map((answer) => answer.ok && answer.outcome)).toEqual(["WIN", "LOST", "WIN"]);
    expect(points()).toEqual([2, 0]);
    expect(settled).toHaveLength(1);
    await other.close();
  });

  it("is refused with the first code that applies", async () => {
    const { ticket, matchId } = await newMatch();
    const stranger = ed25519Signer(newPrivateKey());
    const known = openTicket(ticket, results.ticketKey, ed25519Verify);
    if (!known) throw new Error("not this server's ticket");
    const base = { name: "result", self: "Alan", opponent: "Beto", claim: "WIN", ticket } as const;
    const good = actionsOf(ticket, xWins);
    const bad = good.toSpliced(1, 1);
    const code = async (user: string, changes: object) => {
      const answer = await results.report(user, { ...base, actions: good, ...changes });
      return answer.ok ? answer.outcome : answer.code;
    };
    expect(await code("Caio", { ticket: "no ticket", actions: bad })).toBe("BAD_TICKET");
    expect(await code("Alan", { ticket: signTicket(known, stranger) })).toBe("BAD_TICKET");
    expect(await code("Caio", { self: "Caio", actions: bad })).toBe("NOT_YOUR_MATCH");
    expect(await code("Caio", {})).toBe("NOT_YOUR_MATCH");
    expect(await code("Beto", {})).toBe("NOT_YOUR_MATCH");
    expect(await code("Alan", { self: "Caio" })).toBe("NOT_YOUR_MATCH");
    expect(await code("Alan", { opponent: "Caio" })).toBe("NOT_YOUR_MATCH");
    expect(await code("Alan", { actions: bad, claim: "LOST" })).toBe("BAD_TRANSCRIPT");
    expect(await code("Alan", { claim: "DRAW", actions: good.slice(0, 3) })).toBe("CONFLICT");
    expect(settled).toEqual([]);
    expect(await code("Alan", { self: "aLAN", opponent: "bETO" })).toBe("WIN");
    expect((await store.findMatch(matchId))?.transcripts).toHaveLength(2);
  });

  it("with the transcript of another match is no proof", async () => {
    const first = await newMatch();
    const second = await newMatch();
    const actions = actionsOf(first.ticket, xWins);
    const message = {
      name: "result",
      self: "Alan",
      opponent: "Beto",
      claim: "WIN",
      ticket: second.ticket,
    } as const;
    expect(await results.report("Alan", { ...message, actions })).toEqual({
      ok: false,
      code: "BAD_TRANSCRIPT",
    });
  });

  it("that proves a fork moves the points, and both players are told", async () => {
    const { ticket, matchId } = await newMatch();
    await report("Alan", "WIN", ticket, xWins);
    const fork = await report("Beto", "WIN", ticket, "11 21 12 22 33");
    expect(fork).toEqual({ ok: true, matchId, outcome: "WIN", points: 2 });
    expect(settled[1]).toMatchObject({
      outcome: "O",
      toTell: [{ user: "Alan", outcome: "LOST", points: 0 }],
    });
    expect(points()).toEqual([0, 2]);
    expect(await report("Alan", "WIN", ticket, xWins)).toEqual({ ok: false, code: "CONFLICT" });
    await restart();
    expect(points()).toEqual([0, 2]);
  });

  it("that is refused, but proves an end, settles the match for both", async () => {
    const { ticket } = await newMatch();
    expect(await report("Beto", "WIN", ticket, xWins)).toEqual({ ok: false, code: "CONFLICT" });
    expect(settled[0]?.toTell.map(({ user }) => user)).toEqual(["Alan", "Beto"]);
    expect(points()).toEqual([2, 0]);
  });
});

describe("a match that broke off", () => {
  it("is void once both abandon it, and the first is told so", async () => {
    const { ticket, matchId } = await newMatch();
    const pending = { ok: true, matchId, outcome: "PENDING", points: 0 };
    expect(await report("Alan", "ABANDONED", ticket, "11")).toEqual(pending);
    expect(await report("Alan", "ABANDONED", ticket, "11")).toEqual(pending);
    expect(settled).toEqual([]);
    expect(await report("Beto", "ABANDONED", ticket, "11 22")).toEqual({
      ok: true,
      matchId,
      outcome: "VOID",
      points: 0,
    });
    expect(settled[0]?.toTell).toEqual([{ user: "Alan", outcome: "VOID", points: 0 }]);
    clock.advance(2 * LIMIT_MS);
    expect(settled).toHaveLength(1);
    expect(clock.timerCount).toBe(0);
  });

  it("is settled by a proof within 180 s", async () => {
    const { ticket } = await newMatch();
    await report("Beto", "ABANDONED", ticket, "11");
    clock.advance(LIMIT_MS - 1);
    await report("Alan", "WIN", ticket, xWins);
    expect(settled[0]).toMatchObject({ outcome: "X", toTell: [{ user: "Beto", outcome: "LOST" }] });
    expect(points()).toEqual([2, 0]);
  });

  it("is won by the player who waited 180 s for one who was not seen", async () => {
    const { ticket } = await newMatch();
    results.unseen("Beto");
    await report("Alan", "ABANDONED", ticket, "11");
    clock.advance(LIMIT_MS - 1);
    expect(settled).toEqual([]);
    const next = nextSettled();
    clock.advance(1);
    expect((await next).toTell).toEqual([
      { user: "Alan", outcome: "WIN", points: 2 },
      { user: "Beto", outcome: "LOST", points: 0 },
    ]);
    expect(points()).toEqual([2, 0]);
    expect(await report("Beto", "WIN", ticket)).toEqual({ ok: false, code: "CONFLICT" });
    expect(await report("Beto", "ABANDONED", ticket)).toMatchObject({ outcome: "LOST" });
  });

  it.each([
    ["was there when it was reported", ["unseen"]],
    ["came for a moment", ["unseen", "seen", "unseen"]],
  ] as const)("is void after 180 s when the other player %s", async (_title, [before, ...after]) => {
    const { ticket } = await newMatch();
    if (after.length > 0) results[before]("Beto");
    await report("Alan", "ABANDONED", ticket, "11");
    for (const step of after) {
      clock.advance(1_000);
      results[step]("Beto");
    }
    const next = nextSettled();
    clock.advance(LIMIT_MS);
    expect((await next).outcome).toBe("void");
  });
});

it("a match that broke off keeps waiting when the server itself was stopped", async () => {
  const { ticket } = await newMatch();
  results.unseen("Beto");
  await report("Alan", "ABANDONED", ticket, "11");
  clock.advance(LIMIT_MS - 1_000);
  clock.sleep(60_000);
  clock.advance(0);
  results.seen("Beto");
  expect(await report("Beto", "LOST", ticket, xWins)).toMatchObject({ outcome: "LOST" });
  expect(points()).toEqual([2, 0]);
});

describe("a match whose players are away", () => {
  it("is void when both were away for 180 s at the same time", async () => {
    const { ticket } = await newMatch();
    results.unseen("Alan");
    clock.advance(LIMIT_MS);
    results.unseen("Beto");
    clock.advance(LIMIT_MS - 1);
    results.seen("Alan");
    expect(await results.rejoin("Alan", ticket)).toMatchObject({ ok: true });
    clock.advance(LIMIT_MS);
    expect(settled).toEqual([]);
    results.unseen("Alan");
    const next = nextSettled();
    clock.advance(LIMIT_MS);
    expect(await next).toMatchObject({
      outcome: "void",
      toTell: [
        { user: "Alan", outcome: "VOID" },
        { user: "Beto", outcome: "VOID" },
      ],
    });
    expect(await results.rejoin("Alan", ticket)).toEqual({ ok: false, code: "UNKNOWN_MATCH" });
  });

  it("is void too when they are back, but neither sends `playing`", async () => {
    await newMatch();
    for (const user of ["Alan", "Beto"]) results.seen(user);
    const next = nextSettled();
    clock.advance(LIMIT_MS);
    expect((await next).outcome).toBe("void");
  });

  it("stays open as long as one player attends it", async () => {
    await newMatch();
    results.unseen("Beto");
    clock.advance(10 * LIMIT_MS);
    expect(settled).toEqual([]);
    expect(clock.timerCount).toBe(0);
  });

  it("can be rejoined only by its players", async () => {
    const { ticket, matchId } = await newMatch();
    expect(await results.rejoin("Caio", ticket)).toEqual({ ok: false, code: "UNKNOWN_MATCH" });
    expect(await results.rejoin("Alan", "nonsense")).toEqual({ ok: false, code: "UNKNOWN_MATCH" });
    expect(await results.rejoin("Beto", ticket)).toEqual({ ok: true, matchId });
  });
});

describe("a server that starts again", () => {
  it("knows the open matches and who plays them", async () => {
    const one = await newMatch();
    const other = await newMatch();
    await report("Alan", "ABANDONED", other.ticket, "11");
    await report("Alan", "WIN", (await newMatch()).ticket, xWins);
    await restart();
    const open = results.openMatches();
    expect(open).toHaveLength(2);
    const players = { inviter: "Alan", invitee: "Beto" };
    expect(open).toContainEqual({ matchId: one.matchId, ...players, playing: ["Alan", "Beto"] });
    expect(open).toContainEqual({ matchId: other.matchId, ...players, playing: ["Beto"] });
  });

  it("waits 180 s for their players", async () => {
    const { ticket } = await newMatch();
    clock.advance(LIMIT_MS - 1);
    await restart();
    clock.advance(LIMIT_MS - 1);
    results.seen("Alan");
    expect(await results.rejoin("Alan", ticket)).toMatchObject({ ok: true });
    clock.advance(LIMIT_MS);
    expect(settled).toEqual([]);
  });

  it("gives the other player of an abandoned match the full time again", async () => {
    const { ticket } = await newMatch();
    results.unseen("Beto");
    await report("Alan", "ABANDONED", ticket, "11");
    clock.advance(LIMIT_MS - 1);
    await restart();
    clock.advance(LIMIT_MS - 1);
    expect(settled).toEqual([]);
    const next = nextSettled();
    clock.advance(1);
    expect((await next).outcome).toBe("X");
  });
});

describe("when the disk is full", () => {
  const refuse = () => Promise.reject(new StoreError("the write was not kept"));

  it("no ticket leaves the server, no outcome counts, and both work again later", async () => {
    const { ticket } = await newMatch();
    const { addMatch, updateMatch } = store;
    store.addMatch = refuse;
    store.updateMatch = refuse;
    const tryLater = { ok: false, code: "TRY_LATER", seconds: 5 };
    await expect(newMatch()).rejects.toThrow("TRY_LATER");
    expect(await report("Alan", "WIN", ticket, xWins)).toEqual(tryLater);
    expect(points()).toEqual([0, 0]);
    expect(settled).toEqual([]);
    Object.assign(store, { addMatch, updateMatch });
    expect(await report("Alan", "WIN", ticket, xWins)).toMatchObject({ outcome: "WIN" });
    expect(points()).toEqual([2, 0]);
  });

  it("or the store does not answer, a repeated report tells everybody", async () => {
    const { ticket } = await newMatch();
    const { updateMatch } = store;
    store.updateMatch = (update) => updateMatch.call(store, update).then(refuse);
    expect(await report("Alan", "WIN", ticket, xWins)).toMatchObject({ code: "TRY_LATER" });
    Object.assign(store, { updateMatch });
    expect(await report("Alan", "WIN", ticket, xWins)).toMatchObject({ outcome: "WIN" });
    expect(settled.map(({ toTell }) => toTell.map(({ user }) => user))).toEqual([["Beto"]]);
    expect(await leaderboard.page(0)).toBe("leadersACK;Alan:2;Beto:0;Caio:0");
    expect(results.openMatches()).toEqual([]);
  });

  it("a match whose time is up is settled later", async () => {
    const { ticket } = await newMatch();
    await report("Alan", "ABANDONED", ticket, "11");
    const { updateMatch } = store;
    const refused = new Promise<void>((resolve) => {
      store.updateMatch = () => {
        resolve();
        return refuse();
      };
    });
    clock.advance(LIMIT_MS);
    await refused;
    await expect.poll(() => clock.timerCount).toBe(1);
    Object.assign(store, { updateMatch });
    const next = nextSettled();
    clock.advance(5_000);
    expect((await next).outcome).toBe("void");
  });

  it("a match whose time is up is not retried once the results are closed", async () => {
    await newMatch();
    store.updateMatch = refuse;
    for (const user of ["Alan", "Beto"]) results.unseen(user);
    clock.advance(LIMIT_MS);
    await results.close();
    await setImmediate();
    expect(clock.timerCount).toBe(0);
  });
});

describe("a match that another server settled", () => {
  it("is not sent to a player who got it as the answer to a report here", async () => {
    const { ticket } = await newMatch();
    const other = await otherServer();
    await report("Alan", "WIN", ticket, xWins);
    const [news] = settled;
    if (!news) throw new Error("it is settled");
    const answered = await report("Beto", "LOST", ticket, xWins, "Beto", other);
    expect(answered).toMatchObject({ ok: true, outcome: "LOST" });
    expect(news.toTell).toEqual([{ user: "Beto", outcome: "LOST", points: 0 }]);
    expect(other.elsewhere.settled(news)).toEqual({ ...news, toTell: [] });
    await other.close();
  });

  it("is sent to a player who has reported nothing", async () => {
    const { ticket } = await newMatch();
    const other = await otherServer();
    await report("Alan", "WIN", ticket, xWins);
    const [news] = settled;
    if (!news) throw new Error("it is settled");
    expect(other.elsewhere.settled(news)).toEqual(news);
    await other.close();
  });
});
