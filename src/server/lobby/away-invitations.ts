// Invitations to players on other servers, on the inviter's server. The invitee's server decides; this one ensures that
// each `begin` gets one answer and each invitation one end, whatever is lost between the two servers.

import { isSameUser, userKey } from "../../game/user-name.ts";
import type { Listening } from "../../protocol/fields.ts";
import type { Player } from "../directory/player.ts";
import type { Objection, Reply } from "../directory/server-event.ts";
import { INVITATION_LIMIT_MS, REPLY_LIMIT_MS } from "./invitations.ts";
import { declined, type Effect, refuse, tell } from "./lobby-effects.ts";

/** How long a message from the other server may take: its time limits apply first. */
const WAY_LIMIT_MS = 1_000;

type Invite = Extract<Effect, { kind: "invite" }>;

interface AwayInvitation {
  readonly id: number;
  readonly inviter: Player;
  readonly invitee: string;
  /** null until it is known who decides. */
  server: string | null;
  isAcknowledged: boolean;
  isCancelling: boolean;
  /** It will be refused; which code is still open. */
  readonly objection: Objection | null;
}

export class AwayInvitations {
  readonly #byId = new Map<number, AwayInvitation>();
  readonly #byUser = new Map<string, AwayInvitation>();
  readonly #newId: () => number;

  constructor(newId: () => number) {
    this.#newId = newId;
  }

  of(inviter: string): AwayInvitation | undefined {
    return this.#byUser.get(userKey(inviter));
  }

  /** The objection is reported only if nothing is wrong with the invitee (docs/PROTOCOL.md §5, order of codes). */
  begin(inviter: Player, invitee: string, objection: Objection | null, listening?: Listening): Effect[] {
    const id = this.#newId();
    const invite: Effect = { kind: "invite", invitationId: id, inviter, invitee, objection, listening };
    const invitation = {
      id,
      inviter,
      invitee,
      objection,
      server: null,
      isAcknowledged: false,
      isCancelling: false,
    };
    this.#byId.set(id, invitation);
    if (!objection) this.#byUser.set(userKey(inviter.user), invitation);
    return [{ kind: "armTimer", invitationId: id, afterMs: REPLY_LIMIT_MS + WAY_LIMIT_MS }, invite];
  }

  /** `server` has received it, and decides. */
  delivered({ invitationId, inviter, invitee }: Invite, server: string): Effect[] {
    const invitation = this.#byId.get(invitationId);
    if (invitation) {
      invitation.server = server;
      return [];
    }
    return [{ kind: "pass", request: "inviterLeft", server, invitation: { invitationId, inviter, invitee } }];
  }

  /** The invitee is on no server. */
  undelivered({ invitationId, inviter }: Invite): Effect[] {
    const invitation = this.#byId.get(invitationId);
    return invitation ? [...this.#close(invitation), refuse(inviter, "begin", "NOT_CONNECTED")] : [];
  }

  /** null: there is none. */
  cancel(inviter: Player, invitee: string): Effect[] | null {
    const invitation = this.of(inviter.user);
    if (!invitation?.server || !isSameUser(invitation.invitee, invitee)) return null;
    invitation.isCancelling = true;
    return [
      { kind: "armTimer", invitationId: invitation.id, afterMs: WAY_LIMIT_MS },
      ...pass("cancel", invitation),
    ];
  }

  leave(inviter: Player): Effect[] {
    const invitation = this.of(inviter.user);
    if (invitation?.inviter !== inviter) return [];
    return [...this.#close(invitation), ...pass("inviterLeft", invitation)];
  }

  /** What `leave` ends without a notice to the inviter. */
  lossOf(inviter: Player): Effect[] {
    const invitation = this.of(inviter.user);
    return invitation?.inviter === inviter ? [lastWord(invitation, "DISCONNECTED")] : [];
  }

  /** The invitee's server replies to the inviter. */
  replied(invitationId: number, inviter: Player, reply: Reply): Effect[] {
    const said: Effect =
      reply.kind === "tell"
        ? tell(inviter, reply.message)
        : refuse(inviter, reply.request, reply.code, reply.seconds);
    const invitation = this.#byId.get(invitationId);
    if (invitation?.inviter !== inviter) return [];
    if (reply.kind === "tell" && reply.message.name === "beginACK") {
      invitation.isAcknowledged = true;
      if (invitation.isCancelling) return [said];
      return [said, { kind: "armTimer", invitationId, afterMs: INVITATION_LIMIT_MS + WAY_LIMIT_MS }];
    }
    if (isAbout(reply, "begin") && invitation.isCancelling) {
      // The `begin` of an invitation that is cancelled is answered first.
      invitation.isAcknowledged = true;
      return [said];
    }
    return [...this.#close(invitation), said];
  }

  /** No reply came in time. */
  timeIsUp(invitationId: number): Effect[] {
    const invitation = this.#byId.get(invitationId);
    return invitation ? this.#giveUp(invitation, "EXPIRED") : [];
  }

  /** That server is gone; null: any server may be. */
  serverGone(server: string | null): Effect[] {
    const lost = [...this.#byId.values()].filter((each) => server === null || each.server === server);
    return lost.flatMap((invitation) => this.#giveUp(invitation, "DISCONNECTED"));
  }

  #giveUp(invitation: AwayInvitation, reason: "EXPIRED" | "DISCONNECTED"): Effect[] {
    const { inviter, isCancelling } = invitation;
    return [
      ...this.#close(invitation),
      lastWord(invitation, reason),
      ...(isCancelling ? [refuse(inviter, "cancel", "NO_INVITATION")] : []),
      ...pass("inviterLeft", invitation),
    ];
  }

  #close(invitation: AwayInvitation): Effect[] {
    this.#byId.delete(invitation.id);
    if (!invitation.objection) this.#byUser.delete(userKey(invitation.inviter.user));
    return [{ kind: "disarmTimer", invitationId: invitation.id }];
  }
}

function lastWord(
  { inviter, invitee, isAcknowledged, objection }: AwayInvitation,
  reason: "EXPIRED" | "DISCONNECTED",
): Effect {
  if (objection) return refuse(inviter, "begin", objection.code, objection.seconds);
  if (isAcknowledged) return tell(inviter, declined(invitee, reason));
  return refuse(inviter, "begin", reason === "EXPIRED" ? "NO_REPLY" : "NOT_CONNECTED");
}

function isAbout(reply: Reply, request: string): boolean {
  return reply.kind === "refuse" && reply.request === request;
}

function pass(request: "cancel" | "inviterLeft", { id, inviter, invitee, server }: AwayInvitation): Effect[] {
  if (server === null) return [];
  return [{ kind: "pass", request, server, invitation: { invitationId: id, inviter, invitee } }];
}
