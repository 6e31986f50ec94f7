import { beforeEach, describe, expect, it } from "vitest";
import type { Player } from "../directory/player.ts";
import type { Reply } from "../directory/server-event.ts";
import { AwayInvitations } from "./away-invitations.ts";
import { declined, type Effect } from "./lobby-effects.ts";

const alan: Player = {
  user: "Alan",
  connectionId: "c1",
  publicKey: "key",
  address: "10.0.0.1",
  serverAddress: "10.0.0.9",
};
const acknowledged: Reply = { kind: "tell", message: { name: "beginACK", user: "Beto" } };
const cancelled: Reply = { kind: "tell", message: { name: "cancelACK", user: "Beto" } };
const accepted: Reply = {
  kind: "tell",
  message: { name: "answer", user: "Beto", accepted: true, details: ["10.0.0.2", "1", "2", "t"] },
};
const gone: Reply = { kind: "tell", message: declined("Beto", "DISCONNECTED") };
const refused: Reply = { kind: "refuse", request: "begin", code: "BUSY" };

let away: AwayInvitations;
let invite: Extract<Effect, { kind: "invite" }>;

/** What Alan hears, and what goes to the other server. */
function seen(effects: Effect[] | null): string[] {
  return (effects ?? []).flatMap((effect) => {
    if (effect.kind === "refuse") return `${effect.request} ${effect.code}`;
    if (effect.kind === "pass") return `${effect.request} → ${effect.server}`;
    if (effect.kind !== "tell") return [];
    const { message } = effect;
    return message.name === "answer" ? `answer ${message.accepted || message.details[0]}` : message.name;
  });
}

function begin(objection: Parameters<AwayInvitations["begin"]>[2] = null): void {
  invite = away.begin(alan, "Beto", objection).find((effect) => effect.kind === "invite") as typeof invite;
}

const hears = (reply: Reply) => seen(away.replied(invite.invitationId, alan, reply));

beforeEach(() => {
  let last = 0;
  away = new AwayInvitations(() => ++last);
});

describe("an invitation to another server", () => {
  beforeEach(() => {
    begin();
    away.delivered(invite, "two");
  });

  it("brings back what the invitee's server says, and is over with the last of it", () => {
    expect([hears(acknowledged), hears(accepted), hears(gone)]).toEqual([["beginACK"], ["answer true"], []]);
    expect(away.of("Alan")).toBeUndefined();
  });

  it("that nothing is heard of ends for both sides", () => {
    expect(seen(away.timeIsUp(invite.invitationId))).toEqual(["begin NO_REPLY", "inviterLeft → two"]);
    expect(hears(accepted)).toEqual([]);
  });

  it("that was acknowledged expires with an answer", () => {
    hears(acknowledged);
    expect(seen(away.timeIsUp(invite.invitationId))).toEqual(["answer EXPIRED", "inviterLeft → two"]);
  });

  it("whose acceptance crosses a cancel becomes the match, and the cancel is refused by the server that decides", () => {
    hears(acknowledged);
    expect(seen(away.cancel(alan, "beto"))).toEqual(["cancel → two"]);
    expect(hears(accepted)).toEqual(["answer true"]);
  });

  it("that is taken back before it is acknowledged has its begin answered first", () => {
    away.cancel(alan, "Beto");
    expect([hears({ ...refused, code: "NO_REPLY" }), hears(cancelled)]).toEqual([
      ["begin NO_REPLY"],
      ["cancelACK"],
    ]);
    expect(away.of("Alan")).toBeUndefined();
  });

  it("whose cancel is never answered is refused as none, and ended there", () => {
    hears(acknowledged);
    away.cancel(alan, "Beto");
    expect(seen(away.timeIsUp(invite.invitationId))).toEqual([
      "answer EXPIRED",
      "cancel NO_INVITATION",
      "inviterLeft → two",
    ]);
  });

  it("is gone when that server is, and stays when another one is", () => {
    expect(seen(away.serverGone("three"))).toEqual([]);
    expect(seen(away.serverGone("two"))).toEqual(["begin NOT_CONNECTED", "inviterLeft → two"]);
    expect(away.of("Alan")).toBeUndefined();
  });

  it("is gone after a gap, in which any server may have gone", () => {
    hears(acknowledged);
    expect(seen(away.serverGone(null))).toEqual(["answer DISCONNECTED", "inviterLeft → two"]);
  });

  it("ends there when the inviter leaves", () => {
    expect(seen(away.leave({ ...alan }))).toEqual([]);
    expect(seen(away.leave(alan))).toEqual(["inviterLeft → two"]);
  });

  it("is none of an inviter's who came anew meanwhile", () => {
    expect(seen(away.replied(invite.invitationId, { ...alan, connectionId: "c2" }, accepted))).toEqual([]);
  });
});

describe("an invitation on its way", () => {
  it("to nobody is refused", () => {
    begin();
    expect(seen(away.undelivered(invite))).toEqual(["begin NOT_CONNECTED"]);
    expect(seen(away.undelivered(invite))).toEqual([]);
  });

  it("cannot be taken back before it is known who decides", () => {
    begin();
    expect(away.cancel(alan, "Beto")).toBeNull();
  });

  it("whose inviter left before it arrived ends on arrival", () => {
    begin();
    expect(seen(away.leave(alan))).toEqual([]);
    expect(seen(away.delivered(invite, "two"))).toEqual(["inviterLeft → two"]);
  });

  it("that is answered before its delivery is known is over", () => {
    begin();
    expect(hears(refused)).toEqual(["begin BUSY"]);
    expect(away.of("Alan")).toBeUndefined();
  });

  it("with an objection leaves the invitation that stands alone, and says it when nothing is heard", () => {
    begin();
    const first = away.of("Alan");
    begin({ code: "INVITE_PENDING" });
    expect(away.of("Alan")).toBe(first);
    expect(seen(away.timeIsUp(invite.invitationId))).toEqual(["begin INVITE_PENDING"]);
    expect(away.of("Alan")).toBe(first);
  });
});
