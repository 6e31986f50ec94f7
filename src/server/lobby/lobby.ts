// Who is here, invited, playing (docs/PROTOCOL.md §5). Pure decisions: an event goes in, effects come out, at once,
// without socket, disk or timer.

import { isSameUser, userKey } from "../../game/user-name.ts";
import { type Listening, type PeerEndpoints, readAcceptedMatch } from "../../protocol/fields.ts";
import type { Presence } from "../directory/directory.ts";
import type { Player } from "../directory/player.ts";
import type { Objection, Reply } from "../directory/server-event.ts";
import { AwayInvitations } from "./away-invitations.ts";
import { GivenTickets, type TicketedMatch, tellInvitee, tellInviter } from "./given-tickets.ts";
import { INVITATION_LIMIT_MS, type Invitation, Invitations, REPLY_LIMIT_MS } from "./invitations.ts";
import { bothKnowDisputes, cancelled, declined, type Effect, refuse, tell } from "./lobby-effects.ts";
import { RejectedInvitations } from "./rejected-invitations.ts";

/** A match that is being written to the store: its id is not known yet. */
const STARTING = Symbol("starting");
type MatchState = string | typeof STARTING;

export class Lobby {
  readonly #nowMs: () => number;
  readonly #presence: Presence;
  readonly #players = new Map<string, Player>();
  readonly #withHeartbeat = new Set<Player>();
  readonly #invitations = new Invitations();
  /** Of players who are here to players on other servers. */
  readonly away = new AwayInvitations(() => this.#invitations.newId());
  /** User → match; it outlasts the connection. */
  readonly #matches = new Map<string, MatchState>();
  /** Who has had the ticket of the match that is on; who came on another connection may not. */
  readonly #withTicket = new WeakSet<Player>();
  readonly #tickets = new GivenTickets();
  readonly #rejected: RejectedInvitations;

  /** `presence` is kept up to date with who is here. */
  constructor(nowMs: () => number, presence: Presence) {
    this.#nowMs = nowMs;
    this.#presence = presence;
    this.#rejected = new RejectedInvitations(nowMs);
  }

  playerNamed(user: string): Player | undefined {
    return this.#players.get(userKey(user));
  }

  isPlaying(user: string): boolean {
    return this.#matches.has(userKey(user));
  }

  /** Logged in; whoever was logged in as the same user is replaced. */
  enter(player: Player): Effect[] {
    const older = this.playerNamed(player.user);
    const effects: Effect[] = older ? [...this.leave(older), { kind: "replace", player: older }] : [];
    this.#players.set(userKey(player.user), player);
    this.#presence.present(player, this.isPlaying(player.user));
    return effects;
  }

  /** Logged out, vanished or replaced. A match that is on goes on. */
  leave(player: Player): Effect[] {
    this.#withHeartbeat.delete(player);
    if (this.playerNamed(player.user) !== player) return [];
    this.#players.delete(userKey(player.user));
    this.#presence.absent(player);
    if (this.away.of(player.user)) this.#rejected.count(player);
    const away = this.away.leave(player);
    const invitation = this.#invitations.of(player.user);
    if (!invitation || invitation.acceptance) return away;
    const { inviter, invitee } = invitation;
    if (player === inviter) {
      this.#rejected.count(inviter);
      return this.#close(invitation, tell(invitee, cancelled(inviter, "DISCONNECTED")));
    }
    if (player !== invitee) return away;
    const reply = invitation.isAcknowledged
      ? tell(inviter, declined(invitee.user, "DISCONNECTED"))
      : refuse(inviter, "begin", "NOT_CONNECTED");
    return this.#close(invitation, reply);
  }

  /** What `leave` ends without a notice to the player: for a player who turns out to be still here. */
  lossOf(player: Player): Effect[] {
    if (this.playerNamed(player.user) !== player) return [];
    const invitation = this.#invitations.of(player.user);
    if (!invitation || invitation.acceptance) return this.away.lossOf(player);
    const { inviter, invitee, isAcknowledged } = invitation;
    if (player === invitee) return [tell(player, cancelled(inviter, "DISCONNECTED"))];
    return [
      isAcknowledged
        ? tell(player, declined(invitee.user, "DISCONNECTED"))
        : refuse(player, "begin", "NOT_CONNECTED"),
    ];
  }

  setHeartbeat(player: Player, hasHeartbeat: boolean): void {
    if (hasHeartbeat && this.playerNamed(player.user) === player) this.#withHeartbeat.add(player);
    else this.#withHeartbeat.delete(player);
  }

  /** `listening`: where the inviter can be reached too. */
  begin(inviter: Player, inviteeName: string, listening?: Listening): Effect[] {
    if (inviter.publicKey === undefined) return [refuse(inviter, "begin", "NO_KEY")];
    if (isSameUser(inviteeName, inviter.user)) return [refuse(inviter, "begin", "SELF")];
    if (!this.#withHeartbeat.has(inviter)) return [refuse(inviter, "begin", "NOT_CONNECTED")];
    const objection = this.#objectionTo(inviter);
    if (!this.playerNamed(inviteeName)) return this.away.begin(inviter, inviteeName, objection, listening);
    return this.invite(inviter, inviteeName, objection, listening);
  }

  /** The invitee can only be here; `objection` says why the inviter may not invite. */
  invite(inviter: Player, inviteeName: string, objection: Objection | null, listening?: Listening): Effect[] {
    const invitee = this.playerNamed(inviteeName);
    if (!invitee || !this.#withHeartbeat.has(invitee)) return [refuse(inviter, "begin", "NOT_CONNECTED")];
    const again = objection?.matchId && this.#tickets.again(objection.matchId, inviter, invitee);
    if (again) return [...again, ...this.#hadTicket(inviter, again)];
    if (this.isPlaying(invitee.user) || this.#isInviting(invitee)) return [refuse(inviter, "begin", "BUSY")];
    if (objection) return [refuse(inviter, "begin", objection.code, objection.seconds)];
    const expiresAtMs = this.#nowMs() + INVITATION_LIMIT_MS;
    const { id } = this.#invitations.open(inviter, invitee, listening, expiresAtMs);
    return [
      tell(invitee, { name: "invite", user: inviter.user, disputes: bothKnowDisputes(inviter, invitee) }),
      { kind: "armTimer", invitationId: id, afterMs: REPLY_LIMIT_MS },
    ];
  }

  /** `inviteACK` */
  acknowledge(invitee: Player, inviterName: string): Effect[] {
    const invitation = this.#invitations.between(inviterName, invitee.user);
    return invitation ? this.#acknowledge(invitation) : [];
  }

  /** `inviteERR`; a code that it should not have counts as BUSY. */
  refuseInvitation(invitee: Player, inviterName: string, code: string): Effect[] {
    const invitation = this.#invitations.between(inviterName, invitee.user);
    if (!invitation || invitation.isAcknowledged) return [];
    return this.#close(
      invitation,
      refuse(invitation.inviter, "begin", code === "NO_KEY" ? "NO_KEY" : "BUSY"),
    );
  }

  decline(invitee: Player, inviterName: string): Effect[] {
    const invitation = this.#invitations.between(inviterName, invitee.user);
    if (!invitation) return [refuse(invitee, "answer", "NO_INVITATION")];
    const { inviter } = invitation;
    this.#rejected.count(inviter);
    return [
      ...this.#acknowledge(invitation),
      ...this.#close(invitation, tell(invitee, { name: "answerACK", user: inviter.user })),
      tell(inviter, declined(invitee.user, "DECLINED")),
    ];
  }

  /** From here both are playing; the answers to both wait for the match to be on disk. */
  accept(invitee: Player, inviterName: string, endpoints: PeerEndpoints): Effect[] {
    if (invitee.publicKey === undefined) return [refuse(invitee, "answer", "NO_KEY")];
    const invitation = this.#invitations.between(inviterName, invitee.user);
    if (!invitation) {
      const matchId = this.#matchWithoutTicket(invitee);
      if (matchId) return [{ kind: "findTicket", matchId, invitee, inviterName, endpoints }];
      return [refuse(invitee, "answer", "NO_INVITATION")];
    }
    const effects = this.#acknowledge(invitation);
    const { id: invitationId, inviter } = invitation;
    invitation.acceptance = endpoints;
    for (const { user } of [inviter, invitee]) this.setMatch(user, STARTING);
    return [
      ...effects,
      { kind: "disarmTimer", invitationId },
      {
        kind: "startMatch",
        invitationId,
        inviter: seatOf(inviter),
        invitee: seatOf(invitee),
        hasDisputes: bothKnowDisputes(inviter, invitee) ?? false,
      },
    ];
  }

  matchStarted(invitationId: number, matchId: string, ticket: string): Effect[] {
    const invitation = this.#invitations.byId(invitationId);
    if (!invitation?.acceptance) return [];
    const { inviter, invitee, acceptance, listening } = invitation;
    this.#invitations.close(invitation);
    for (const { user } of [inviter, invitee]) this.setMatch(user, matchId);
    const { address, serverAddress } = inviter;
    const match = {
      matchId,
      inviter: seatOf(inviter),
      invitee: invitee.user,
      ticket,
      endpoints: acceptance,
      inviterPlace: listening ? { ...listening, address, serverAddress } : null,
    };
    this.#tickets.keep(match);
    for (const player of [inviter, invitee]) this.#withTicket.add(player);
    return [tellInvitee(match, invitee), tellInviter(match, inviter, invitee)];
  }

  /** An answer was repeated for a match that is in the store by now; null: there is no such match of the two. */
  ticketFound(invitee: Player, found: Omit<TicketedMatch, "inviterPlace"> | null): Effect[] {
    if (!found) return [refuse(invitee, "answer", "NO_INVITATION")];
    const match = { ...found, inviterPlace: this.#tickets.inviterPlace(found.matchId) };
    this.#tickets.keep(match);
    this.#withTicket.add(invitee);
    return [tellInvitee(match, invitee), { kind: "attend", player: invitee, ticket: match.ticket }];
  }

  /** `playing`: that connection's client has the ticket. */
  attends(player: Player): void {
    this.#withTicket.add(player);
  }

  /** The match could not be stored: the invitee may answer again while the invitation lasts. */
  matchFailed(invitationId: number, retryAfterSeconds: number): Effect[] {
    const invitation = this.#invitations.byId(invitationId);
    if (!invitation?.acceptance) return [];
    const { inviter, invitee } = invitation;
    invitation.acceptance = null;
    for (const { user } of [inviter, invitee]) this.#clearMatch(user, STARTING);
    const effects = [refuse(invitee, "answer", "TRY_LATER", retryAfterSeconds), this.#armExpiry(invitation)];
    const gone = [inviter, invitee].find((player) =>
      player.away ? invitation.isInviterGone : this.playerNamed(player.user) !== player,
    );
    if (!gone) return effects;
    const notice =
      gone === inviter
        ? tell(invitee, cancelled(inviter, "DISCONNECTED"))
        : tell(inviter, declined(invitee.user, "DISCONNECTED"));
    return [...effects, ...this.#close(invitation, notice)];
  }

  cancel(inviter: Player, inviteeName: string): Effect[] {
    const passed = this.away.cancel(inviter, inviteeName);
    if (passed) return passed;
    const invitation = this.#invitations.between(inviter.user, inviteeName);
    if (!invitation || !isSame(invitation.inviter, inviter))
      return [refuse(inviter, "cancel", "NO_INVITATION")];
    const { invitee } = invitation;
    this.#rejected.count(inviter);
    // A `begin` that is cancelled before the invitee's client acknowledged it is answered too.
    const begun = invitation.isAcknowledged ? [] : [refuse(inviter, "begin", "NO_REPLY")];
    return [
      ...begun,
      tell(inviter, { name: "cancelACK", user: invitee.user }),
      ...this.#close(invitation, tell(invitee, cancelled(inviter, "CANCELLED"))),
    ];
  }

  timeIsUp(invitationId: number): Effect[] {
    const invitation = this.#invitations.byId(invitationId);
    if (!invitation) return this.away.timeIsUp(invitationId);
    if (invitation.acceptance) return [];
    const { inviter, invitee } = invitation;
    if (!invitation.isAcknowledged) return this.#close(invitation, refuse(inviter, "begin", "NO_REPLY"));
    return [
      ...this.#close(invitation, tell(inviter, declined(invitee.user, "EXPIRED"))),
      tell(invitee, cancelled(inviter, "EXPIRED")),
    ];
  }

  /** An inviter on another server has left, or no longer waits. */
  inviterLeft(inviter: Player): Effect[] {
    const invitation = this.#invitations.of(inviter.user);
    if (!invitation || !isSame(invitation.inviter, inviter)) return [];
    if (!invitation.acceptance)
      return this.#close(invitation, tell(invitation.invitee, cancelled(inviter, "DISCONNECTED")));
    invitation.isInviterGone = true;
    return [];
  }

  /** The invitee's server replies to an inviter, who may have left meanwhile. */
  replied(invitationId: number, connectionId: string, user: string, reply: Reply): Effect[] {
    const inviter = this.playerNamed(user);
    if (inviter?.connectionId !== connectionId) return [];
    this.#rejected.countReply(inviter, reply);
    const effects = this.away.replied(invitationId, inviter, reply);
    return [...effects, ...this.#hadTicket(inviter, effects)];
  }

  /** That server is gone; null: any server may be. */
  serverGone(server: string | null): Effect[] {
    const guests = this.#invitations.fromServer(server).map(({ inviter }) => inviter);
    return [...this.away.serverGone(server), ...guests.flatMap((inviter) => this.inviterLeft(inviter))];
  }

  setMatch(user: string, match: MatchState): void {
    const player = this.playerNamed(user);
    if (player && this.#matches.get(userKey(user)) !== match) this.#withTicket.delete(player);
    this.#matches.set(userKey(user), match);
    this.#present(user);
  }

  /** The match is over for that user; a newer one of the same user is not. */
  endMatch(user: string, matchId: string): void {
    this.#tickets.forget(matchId);
    this.#clearMatch(user, matchId);
  }

  #clearMatch(user: string, match: MatchState): void {
    if (this.#matches.get(userKey(user)) !== match) return;
    this.#matches.delete(userKey(user));
    this.#present(user);
  }

  #present(user: string): void {
    const player = this.playerNamed(user);
    if (player) this.#presence.present(player, this.isPlaying(user));
  }

  #acknowledge(invitation: Invitation): Effect[] {
    if (invitation.isAcknowledged) return [];
    invitation.isAcknowledged = true;
    const { inviter, invitee } = invitation;
    const disputes = bothKnowDisputes(inviter, invitee);
    return [tell(inviter, { name: "beginACK", user: invitee.user, disputes }), this.#armExpiry(invitation)];
  }

  #objectionTo(inviter: Player): Objection | null {
    if (this.isPlaying(inviter.user)) return { code: "IN_MATCH", matchId: this.#matchWithoutTicket(inviter) };
    if (this.#isInviting(inviter)) return { code: "INVITE_PENDING" };
    const waitMs = this.#rejected.waitMs(inviter);
    return waitMs > 0 ? { code: "TRY_LATER", seconds: Math.ceil(waitMs / 1_000) } : null;
  }

  #matchWithoutTicket(player: Player): string | undefined {
    const match = this.#matches.get(userKey(player.user));
    return match === STARTING || this.#withTicket.has(player) ? undefined : match;
  }

  /** When the inviter is here and gets the ticket with these effects. */
  #hadTicket(inviter: Player, effects: Effect[]): Effect[] {
    if (inviter.away) return [];
    const ticket = effects.map(ticketIn).find((each) => each !== null);
    if (!ticket) return [];
    this.#withTicket.add(inviter);
    return [{ kind: "attend", player: inviter, ticket }];
  }

  #isInviting({ user }: Player): boolean {
    return this.#invitations.of(user) !== undefined || this.away.of(user) !== undefined;
  }

  #armExpiry({ id, expiresAtMs }: Invitation): Effect {
    return { kind: "armTimer", invitationId: id, afterMs: Math.max(0, expiresAtMs - this.#nowMs()) };
  }

  #close(invitation: Invitation, notice: Effect): Effect[] {
    this.#invitations.close(invitation);
    return [{ kind: "disarmTimer", invitationId: invitation.id }, notice];
  }
}

function seatOf({ user, connectionId, publicKey = "" }: Player) {
  return { user, connectionId, publicKey };
}

/** Compares by value: another server sends its inviter as a new object each time. */
function isSame(inviter: Player, other: Player): boolean {
  return (
    inviter.connectionId === other.connectionId && inviter.away?.invitationId === other.away?.invitationId
  );
}

function ticketIn(effect: Effect): string | null {
  if (effect.kind !== "tell" || effect.message.name !== "answer" || !effect.message.accepted) return null;
  return readAcceptedMatch(effect.message.details)?.ticket ?? null;
}
