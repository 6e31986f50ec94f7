// Invitations that were cancelled, declined or left: their number is limited, so that nobody is invited endlessly.
import { userKey } from "../../game/user-name.ts";
import type { Player } from "../directory/player.ts";
import type { Reply } from "../directory/server-event.ts";
import { RecentEvents } from "../recent-events.ts";

/** Per inviter and minute. */
const MAX_REJECTED_INVITATIONS = 60;
const MAX_REMEMBERED_INVITERS = 50_000;

export class RejectedInvitations {
  readonly #recent: RecentEvents;

  constructor(nowMs: () => number) {
    this.#recent = new RecentEvents({ nowMs }, 60_000, MAX_REMEMBERED_INVITERS);
  }

  /** Inviters on another server are counted there. */
  count(inviter: Player): void {
    if (inviter.away) return;
    this.#recent.start(userKey(inviter.user))(true);
  }

  /** Counts the reply of the invitee's server, if it is a rejection. */
  countReply(inviter: Player, reply: Reply): void {
    if (isRejection(reply)) this.count(inviter);
  }

  /** How long until the inviter may invite again. */
  waitMs({ user }: Player): number {
    return this.#recent.waitMs(userKey(user), MAX_REJECTED_INVITATIONS);
  }
}

function isRejection(reply: Reply): boolean {
  if (reply.kind === "refuse") return false;
  const { message } = reply;
  if (message.name === "answer") return !message.accepted && message.details[0] === "DECLINED";
  return message.name === "cancelACK";
}
