import { beforeEach, describe, expect, it } from "vitest";
import { formatError, formatMessage } from "../../protocol/codec.ts";
import { controlFromServer } from "../../protocol/messages.ts";
import { MemoryDirectory } from "../directory/memory-directory.ts";
import type { Player } from "../directory/player.ts";
import { INVITATION_LIMIT_MS, REPLY_LIMIT_MS } from "./invitations.ts";
import { Lobby } from "./lobby.ts";
import type { Effect } from "./lobby-effects.ts";

let nowMs: number;
let directory: MemoryDirectory;
let lobby: Lobby;
let alan: Player;
let beto: Player;
let carla: Player;
let lastConnection = 0;

function player(user: string, changes: Partial<Player> = {}): Player {
  const connectionId = `connection ${++lastConnection}`;
  return {
    user,
    connectionId,
    publicKey: `${user}'s key`,
    address: "10.0.0.1",
    serverAddress: "10.0.0.9",
    ...changes,
  };
}

/** Logs the player in, with a heartbeat. */
function enter(newcomer: Player): Effect[] {
  const effects = lobby.enter(newcomer);
  lobby.setHeartbeat(newcomer, true);
  return effects;
}

/** An effect as a person reads it: `<user> < <line>` for what is sent. */
function told(effects: Effect[]): string[] {
  return effects.flatMap((effect) => {
    if (effect.kind === "tell")
      return `${effect.to.user} < ${formatMessage(controlFromServer, effect.message)}`;
    if (effect.kind === "refuse") {
      const line = formatError(effect.request, effect.code, effect.seconds);
      return `${effect.to.user} < ${line.slice(0, line.lastIndexOf(";"))}`;
    }
    if (effect.kind === "replace") return `${effect.player.connectionId} is replaced`;
    if (effect.kind === "startMatch") return `match: ${effect.inviter.user} (X) – ${effect.invitee.user} (O)`;
    return [];
  });
}

function timers(effects: Effect[]): string[] {
  return effects.flatMap((effect) => {
    if (effect.kind === "armTimer") return `armed for ${effect.afterMs}`;
    return effect.kind === "disarmTimer" ? "disarmed" : [];
  });
}

const endpoints = { gamePort: 4001, self: "Beto", pingPort: 4002, announcedHost: undefined };

function invite(): void {
  lobby.begin(alan, "beto");
  lobby.acknowledge(beto, "alan");
}

function startMatch(): void {
  invite();
  lobby.accept(beto, "alan", endpoints);
  lobby.matchStarted(1, "m1", "ticket");
}

beforeEach(() => {
  nowMs = 1_000_000;
  directory = new MemoryDirectory();
  lobby = new Lobby(() => nowMs, directory);
  [alan, beto, carla] = ["Alan", "Beto", "Carla"].map((user) => player(user)) as [Player, Player, Player];
  for (const each of [carla, beto, alan]) enter(each);
});

describe("list", () => {
  it("has the connected users and who plays, sorted by name without regard to case", () => {
    enter(player("bob"));
    enter(player("Zoe"));
    startMatch();
    expect(directory.page(0)).toBe("listACK;Alan:playing;Beto:playing;bob:free;Carla:free;Zoe:free");
    lobby.leave(carla);
    expect(directory.page(2)).toBe("listACK;bob:free;Zoe:free");
    expect(directory.page(9)).toBe("listACK");
  });

  it("has at most 1,000 users, from the offset on", () => {
    for (let n = 0; n < 1_500; n++) enter(player(`p${String(n).padStart(4, "0")}`));
    expect(directory.page(0).split(";")).toHaveLength(1_001);
    expect(directory.page(1_000).split(";").at(-1)).toBe("p1499:free");
    expect(directory.page(1_000).split(";")).toHaveLength(504);
  });
});

describe("begin", () => {
  it("invites, and is answered when the invitee's client acknowledges", () => {
    const begun = lobby.begin(alan, "bETO");
    expect(told(begun)).toEqual(["Beto < invite;Alan"]);
    expect(timers(begun)).toEqual([`armed for ${REPLY_LIMIT_MS}`]);
    nowMs += 1_000;
    const acknowledged = lobby.acknowledge(beto, "ALAN");
    expect(told(acknowledged)).toEqual(["Alan < beginACK;Beto"]);
    expect(timers(acknowledged)).toEqual([`armed for ${INVITATION_LIMIT_MS - 1_000}`]);
    expect(lobby.acknowledge(beto, "alan")).toEqual([]);
  });

  it("is NO_REPLY when no acknowledgement comes", () => {
    lobby.begin(alan, "beto");
    expect(told(lobby.timeIsUp(1))).toEqual(["Alan < beginERR;NO_REPLY"]);
    expect(lobby.acknowledge(beto, "alan")).toEqual([]);
    expect(told(lobby.begin(alan, "beto"))).toEqual(["Beto < invite;Alan"]);
  });

  it.each([
    ["NO_KEY", "NO_KEY"],
    ["BUSY", "BUSY"],
    ["whatever", "BUSY"],
  ])("is answered with the invitee's inviteERR;%s as %s", (code, expected) => {
    lobby.begin(alan, "beto");
    expect(told(lobby.refuseInvitation(beto, "alan", code))).toEqual([`Alan < beginERR;${expected}`]);
    expect(lobby.refuseInvitation(beto, "alan", code)).toEqual([]);
  });

  it("is NO_KEY without a player's key, before anything else", () => {
    const keyless = player("Dora", { publicKey: undefined });
    enter(keyless);
    expect(told(lobby.begin(keyless, "dora"))).toEqual(["Dora < beginERR;NO_KEY"]);
  });

  it("is SELF for one's own name, whatever its case", () => {
    expect(told(lobby.begin(alan, "ALAN"))).toEqual(["Alan < beginERR;SELF"]);
  });

  it("is NOT_CONNECTED when the invitee is away, or either has no heartbeat", () => {
    const [, invite] = lobby.begin(alan, "nobody");
    if (invite?.kind !== "invite") throw new Error("the invitee may be on another server");
    expect(told(lobby.away.undelivered(invite))).toEqual(["Alan < beginERR;NOT_CONNECTED"]);
    lobby.setHeartbeat(beto, false);
    expect(told(lobby.begin(alan, "beto"))).toEqual(["Alan < beginERR;NOT_CONNECTED"]);
    expect(told(lobby.begin(beto, "alan"))).toEqual(["Beto < beginERR;NOT_CONNECTED"]);
  });

  it("is BUSY when the invitee has made or received an open invitation", () => {
    invite();
    expect(told(lobby.begin(carla, "alan"))).toEqual(["Carla < beginERR;BUSY"]);
    expect(told(lobby.begin(carla, "beto"))).toEqual(["Carla < beginERR;BUSY"]);
  });

  it("is BUSY when the invitee plays, and IN_MATCH when the inviter does", () => {
    startMatch();
    expect(told(lobby.begin(carla, "beto"))).toEqual(["Carla < beginERR;BUSY"]);
    expect(told(lobby.begin(alan, "carla"))).toEqual(["Alan < beginERR;IN_MATCH"]);
  });

  it("is INVITE_PENDING while the inviter has made or received an open invitation", () => {
    invite();
    expect(told(lobby.begin(alan, "carla"))).toEqual(["Alan < beginERR;INVITE_PENDING"]);
    expect(told(lobby.begin(beto, "carla"))).toEqual(["Beto < beginERR;INVITE_PENDING"]);
  });
});

describe("an invitation", () => {
  it("expires for both after 30 s", () => {
    invite();
    expect(told(lobby.timeIsUp(1))).toEqual([
      "Alan < answer;Beto;False;EXPIRED",
      "Beto < cancel;Alan;EXPIRED",
    ]);
    expect(told(lobby.accept(beto, "alan", endpoints))).toEqual(["Beto < answerERR;NO_INVITATION"]);
  });

  it("can be declined", () => {
    invite();
    const effects = lobby.decline(beto, "ALAN");
    expect(told(effects)).toEqual(["Beto < answerACK;Alan", "Alan < answer;Beto;False;DECLINED"]);
    expect(timers(effects)).toEqual(["disarmed"]);
  });

  it("is acknowledged by its answer, too", () => {
    lobby.begin(alan, "beto");
    expect(told(lobby.decline(beto, "alan"))).toEqual([
      "Alan < beginACK;Beto",
      "Beto < answerACK;Alan",
      "Alan < answer;Beto;False;DECLINED",
    ]);
  });

  it("can be withdrawn", () => {
    invite();
    expect(told(lobby.cancel(alan, "BETO"))).toEqual([
      "Alan < cancelACK;Beto",
      "Beto < cancel;Alan;CANCELLED",
    ]);
    expect(told(lobby.cancel(alan, "beto"))).toEqual(["Alan < cancelERR;NO_INVITATION"]);
  });

  it("that is withdrawn before the acknowledgement has its begin answered", () => {
    lobby.begin(alan, "beto");
    expect(told(lobby.cancel(alan, "beto"))).toEqual([
      "Alan < beginERR;NO_REPLY",
      "Alan < cancelACK;Beto",
      "Beto < cancel;Alan;CANCELLED",
    ]);
  });

  it("can be withdrawn only by the inviter, and answered only by the invitee", () => {
    invite();
    expect(told(lobby.cancel(beto, "alan"))).toEqual(["Beto < cancelERR;NO_INVITATION"]);
    expect(told(lobby.accept(alan, "beto", endpoints))).toEqual(["Alan < answerERR;NO_INVITATION"]);
    expect(told(lobby.decline(carla, "alan"))).toEqual(["Carla < answerERR;NO_INVITATION"]);
  });

  it("ends when the inviter disconnects", () => {
    invite();
    expect(told(lobby.leave(alan))).toEqual(["Beto < cancel;Alan;DISCONNECTED"]);
  });

  it("ends when the invitee disconnects: with DISCONNECTED, or NOT_CONNECTED before the acknowledgement", () => {
    invite();
    expect(told(lobby.leave(beto))).toEqual(["Alan < answer;Beto;False;DISCONNECTED"]);
    lobby.begin(alan, "carla");
    expect(told(lobby.leave(carla))).toEqual(["Alan < beginERR;NOT_CONNECTED"]);
  });
});

describe("the sixtieth rejected invitation in a minute", () => {
  const rejections: [string, () => Effect[]][] = [
    ["taken back", () => lobby.cancel(alan, "beto")],
    ["declined", () => lobby.decline(beto, "alan")],
    [
      "left",
      () => {
        const left = lobby.leave(alan);
        enter(alan);
        return left;
      },
    ],
  ];

  it.each(rejections)("%s, is the last for a while, and other players may still invite", (_, end) => {
    for (let count = 0; count < 60; count++) {
      invite();
      end();
      nowMs += 500;
    }
    expect(told(lobby.begin(alan, "beto"))).toEqual(["Alan < beginERR;TRY_LATER;30"]);
    expect(told(lobby.begin(carla, "beto"))).toEqual(["Beto < invite;Carla"]);
    lobby.cancel(carla, "beto");
    nowMs += 30_000;
    expect(told(lobby.begin(alan, "beto"))).toEqual(["Beto < invite;Alan"]);
  });

  it("does not include invitations that led to a match", () => {
    for (let count = 1; count <= 100; count++) {
      invite();
      lobby.accept(beto, "alan", endpoints);
      lobby.matchStarted(count, `m${count}`, "t");
      for (const user of ["Alan", "Beto"]) lobby.endMatch(user, `m${count}`);
    }
    expect(told(lobby.begin(alan, "beto"))).toEqual(["Beto < invite;Alan"]);
  });
});

describe("an acceptance", () => {
  it("marks both as playing at once, and is reported to both when the match is on disk", () => {
    invite();
    const accepted = lobby.accept(beto, "alan", endpoints);
    expect(told(accepted)).toEqual(["match: Alan (X) – Beto (O)"]);
    expect(timers(accepted)).toEqual(["disarmed"]);
    expect(directory.page(0)).toBe("listACK;Alan:playing;Beto:playing;Carla:free");
    expect(told(lobby.matchStarted(1, "m1", "ti.cket"))).toEqual([
      "Beto < answerACK;Alan;ti.cket",
      "Alan < answer;Beto;True;10.0.0.1;4001;4002;ti.cket",
    ]);
  });

  it("is NO_KEY without a player's key, though declining is not", () => {
    const keyless = player("Dora", { publicKey: undefined });
    enter(keyless);
    lobby.begin(alan, "dora");
    expect(told(lobby.accept(keyless, "alan", endpoints))).toEqual(["Dora < answerERR;NO_KEY"]);
    expect(told(lobby.decline(keyless, "alan"))).toContain("Dora < answerACK;Alan");
  });

  it("can neither be withdrawn nor expire", () => {
    invite();
    lobby.accept(beto, "alan", endpoints);
    expect(told(lobby.cancel(alan, "beto"))).toEqual(["Alan < cancelERR;NO_INVITATION"]);
    expect(lobby.timeIsUp(1)).toEqual([]);
  });

  it("passes on the host that the invitee announces", () => {
    invite();
    lobby.accept(beto, "alan", { ...endpoints, announcedHost: "beto.example" });
    expect(told(lobby.matchStarted(1, "m1", "t"))).toContain(
      "Alan < answer;Beto;True;beto.example;4001;4002;t",
    );
  });

  it("passes on the server's own address for an invitee on the server's machine", () => {
    beto = player("Beto", { address: "127.0.0.1" });
    enter(beto);
    invite();
    lobby.accept(beto, "alan", endpoints);
    expect(told(lobby.matchStarted(1, "m1", "t"))).toContain("Alan < answer;Beto;True;10.0.0.9;4001;4002;t");
  });

  it("that could not be stored may be sent again", () => {
    invite();
    lobby.accept(beto, "alan", endpoints);
    expect(told(lobby.matchFailed(1, 5))).toEqual(["Beto < answerERR;TRY_LATER;5"]);
    expect(directory.page(0)).toBe("listACK;Alan:free;Beto:free;Carla:free");
    expect(told(lobby.accept(beto, "alan", endpoints))).toEqual(["match: Alan (X) – Beto (O)"]);
  });

  it("that could not be stored ends the invitation of an inviter who has left meanwhile", () => {
    invite();
    lobby.accept(beto, "alan", endpoints);
    lobby.leave(alan);
    expect(told(lobby.matchFailed(1, 5))).toEqual([
      "Beto < answerERR;TRY_LATER;5",
      "Beto < cancel;Alan;DISCONNECTED",
    ]);
  });
});

describe("a match", () => {
  it("continues through logout, a lost connection and a takeover", () => {
    startMatch();
    lobby.leave(alan);
    expect(directory.page(0)).toBe("listACK;Beto:playing;Carla:free");
    enter(player("Alan"));
    enter(player("Beto"));
    expect(directory.page(0)).toBe("listACK;Alan:playing;Beto:playing;Carla:free");
  });

  it("ends for each player separately, without affecting another match", () => {
    startMatch();
    lobby.endMatch("alan", "m1");
    expect(directory.page(0)).toBe("listACK;Alan:free;Beto:playing;Carla:free");
    lobby.setMatch("Alan", "m2");
    lobby.endMatch("alan", "m1");
    expect(lobby.isPlaying("ALAN")).toBe(true);
  });
});

describe("a takeover", () => {
  it("replaces the older connection and ends its invitation", () => {
    invite();
    const effects = enter(player("ALAN"));
    expect(told(effects)).toEqual(["Beto < cancel;Alan;DISCONNECTED", `${alan.connectionId} is replaced`]);
    expect(lobby.leave(alan)).toEqual([]);
    expect(directory.page(0)).toBe("listACK;ALAN:free;Beto:free;Carla:free");
  });
});
