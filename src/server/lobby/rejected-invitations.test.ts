import { expect, test } from "vitest";
import type { Player } from "../directory/player.ts";
import type { Reply } from "../directory/server-event.ts";
import { RejectedInvitations } from "./rejected-invitations.ts";

const inviter = { user: "alan", away: false } as unknown as Player;

function answered(accepted: boolean, details: string[]): Reply {
  return { kind: "tell", message: { name: "answer", user: "beto", accepted, details } };
}

function waitAfterSixty(reply: Reply): number {
  const vain = new RejectedInvitations(() => 0);
  for (let count = 0; count < 60; count++) vain.countReply(inviter, reply);
  return vain.waitMs(inviter);
}

test("Sixty invitations declined within a minute make their inviter wait", () => {
  expect(waitAfterSixty(answered(false, ["DECLINED"]))).toBeGreaterThan(0);
});

test("An accepted invitation is never vain, whatever its invitee says their host is", () => {
  expect(waitAfterSixty(answered(true, ["DECLINED", "1", "2", "ticket"]))).toBe(0);
});
