import { expect, test } from "vitest";
import type { Player } from "../directory/player.ts";
import type { Reply } from "../directory/server-event.ts";
import { RejectedInvitations } from "./rejected-invitations.ts";

const inviter = { user: "alan", away: false } as unknown as Player;

function answered(accepted: boolean, details: string[]): Reply {
  return { kind: "tell", message: { name: "answer", user: "beto", accepted, details } };
}

function waitAfterSixty(reply: Reply): number {
  const rejections = new RejectedInvitations(() => 0);
  for (let count = 0; count < 60; count++) rejections.countReply(inviter, reply);
  return rejections.waitMs(inviter);
}

test("Sixty declined invitations within a minute make the inviter wait", () => {
  expect(waitAfterSixty(answered(false, ["DECLINED"]))).toBeGreaterThan(0);
});

test("An accepted invitation never counts as rejected, whatever host the invitee announces", () => {
  expect(waitAfterSixty(answered(true, ["DECLINED", "1", "2", "ticket"]))).toBe(0);
});
