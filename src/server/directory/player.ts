// A logged-in user on one control connection: what directory, lobby and connections know of each other's users.

/** The same user on a newer connection is another player object. */
export interface Player {
  /** As registered. */
  readonly user: string;
  readonly connectionId: string;
  /** The key that signs this session's matches; without one there are none. */
  readonly publicKey: string | undefined;
  /** Its client plays matches with disputes (docs/PROTOCOL.md §9). */
  readonly knowsDisputes?: boolean | undefined;
  /** Both ends of the control connection. */
  readonly address: string;
  readonly serverAddress: string;
  /** Of an inviter who is connected to another server: which one, and that server's number for the invitation. */
  readonly away?: { readonly server: string; readonly invitationId: number };
}
