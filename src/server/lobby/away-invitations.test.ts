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

  it("delivers the replies of the invitee's server, and is over with the last of them", () => {
    expect([hears(acknowledged), hears(accepted), hears(gone)]).toEqual([["beginACK"], ["answer true"], []]);
    expect(away.of("Alan")).toBeUndefined();
  });

  it("without any reply ends for both sides", () => {
    expect(seen(away.timeIsUp(invite.invitationId))).toEqual(["begin NO_REPLY", "inviterLeft → two"]);
    expect(hears(accepted)).toEqual([]);
  });

  it("that was acknowledged expires with an answer to the inviter", () => {
    hears(acknowledged);
    expect(seen(away.timeIsUp(invite.invitationId))).toEqual(["answer EXPIRED", "inviterLeft → two"]);
  });

  it("becomes the match when its acceptance crosses a cancel, which the deciding server refuses", () => {
    hears(acknowledged);
    expect(seen(away.cancel(alan, "beto"))).toEqual(["cancel → two"]);
    expect(hears(accepted)).toEqual(["answer true"]);
  });

  it("that is withdrawn before it is acknowledged has its begin answered first", () => {
    away.cancel(alan, "Beto");
    expect([hears({ ...refused, code: "NO_REPLY" }), hears(cancelled)]).toEqual([
      ["begin NO_REPLY"],
      ["cancelACK"],
    ]);
    expect(away.of("Alan")).toBeUndefined();
  });

  it("is ended, and its cancel refused with NO_INVITATION, when the cancel is never answered", () => {
    hears(acknowledged);
    away.cancel(alan, "Beto");
    expect(seen(away.timeIsUp(invite.invitationId))).toEqual([
      "answer EXPIRED",
      "cancel NO_INVITATION",
      "inviterLeft → two",
    ]);
  });

  it("ends when that server is gone, and stays when another server is", () => {
    expect(seen(away.serverGone("three"))).toEqual([]);
    expect(seen(away.serverGone("two"))).toEqual(["begin NOT_CONNECTED", "inviterLeft → two"]);
    expect(away.of("Alan")).toBeUndefined();
  });

  it("ends after a gap, in which any server may have gone", () => {
    hears(acknowledged);
    expect(seen(away.serverGone(null))).toEqual(["answer DISCONNECTED", "inviterLeft → two"]);
  });

  it("ends at the other server when the inviter leaves", () => {
    expect(seen(away.leave({ ...alan }))).toEqual([]);
    expect(seen(away.leave(alan))).toEqual(["inviterLeft → two"]);
  });

  it("does not belong to a newer login of the inviter", () => {
    expect(seen(away.replied(invite.invitationId, { ...alan, connectionId: "c2" }, accepted))).toEqual([]);
  });
});

describe("an invitation that is being delivered", () => {
  it("to an unknown user is refused", () => {
    begin();
    expect(seen(away.undelivered(invite))).toEqual(["begin NOT_CONNECTED"]);
    expect(seen(away.undelivered(invite))).toEqual([]);
  });

  it("cannot be withdrawn before it is known which server decides", () => {
    begin();
    expect(away.cancel(alan, "Beto")).toBeNull();
  });

  it("ends on arrival when the inviter has left", () => {
    begin();
    expect(seen(away.leave(alan))).toEqual([]);
    expect(seen(away.delivered(invite, "two"))).toEqual(["inviterLeft → two"]);
  });

  it("is over when it is answered before its delivery is known", () => {
    begin();
    expect(hears(refused)).toEqual(["begin BUSY"]);
    expect(away.of("Alan")).toBeUndefined();
  });

  it("with an objection does not replace the open one, and reports the objection when no reply comes", () => {
    begin();
    const first = away.of("Alan");
    begin({ code: "INVITE_PENDING" });
    expect(away.of("Alan")).toBe(first);
    expect(seen(away.timeIsUp(invite.invitationId))).toEqual(["begin INVITE_PENDING"]);
    expect(away.of("Alan")).toBe(first);
  });
});
