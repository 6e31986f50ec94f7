// Every error code of the protocol with its text for people. Codes are stable; texts are not.

export const errorTexts = {
  ALREADY_BOUND: "that control connection has one already",
  ALREADY_LOGGED_IN: "this connection is logged in, logout first",
  BAD_ARGUMENTS: "too few blocks, or a block that cannot be read",
  BAD_CREDENTIALS: "no such user, or a wrong password",
  BAD_LINE: "a line is at most 4096 bytes of printable ASCII",
  BAD_NAME: "a user name has 1 to 32 of A-Z a-z 0-9 _ . -",
  BAD_PASSWORD: "a password is too short, too long, or has control characters",
  BAD_SIGNATURE: "the signature does not fit the action",
  BAD_TICKET: "the ticket was not signed by this server",
  BAD_TOKEN: "the token is unknown, expired or revoked: login with the password",
  BAD_TRANSCRIPT: "an action of the transcript is illegal or wrongly signed",
  BANNED: "the operator of this server has closed the account",
  BUSY: "that player is in a match or has an invitation open",
  CONFLICT: "the transcript contradicts the outcome claimed, or one already recorded",
  IN_MATCH: "you are in a match",
  INVITE_PENDING: "an invitation of yours, or to you, is open",
  MATCH_OVER: "the match has ended",
  NOT_BOUND: "send bind first",
  NOT_CONNECTED: "that player is not connected",
  NOT_LOGGED_IN: "login first",
  NOT_YOUR_MATCH: "the ticket is for a match of others",
  NOT_YOUR_TURN: "it is the other player's turn",
  NO_INVITATION: "there is no such invitation",
  NO_KEY: "no player's key was given at login, so no match can be signed",
  NO_REPLY: "that player's client does not answer",
  SAME_PASSWORD: "the new password is the old one",
  SELF: "you cannot invite yourself",
  SQUARE_TAKEN: "that square is taken",
  TRY_LATER: "too much at the moment, try again later",
  UNKNOWN_COMMAND: "no such message",
  UNKNOWN_CONNECTION: "no control connection has that id",
  UNKNOWN_MATCH: "the match is not on",
  USER_EXISTS: "that name is taken",
  WRONG_CONNECTION: "that message does not belong on this connection",
} as const;

export type ErrorCode = keyof typeof errorTexts;

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorTexts, text);
}
