// English.
import { isErrorCode } from "../../protocol/errors.ts";
import type { Texts } from "./texts.ts";

const errors: Texts["errors"] = {
  ALREADY_BOUND: "The connection is already bound",
  ALREADY_LOGGED_IN: "You are already logged in: logout first",
  BAD_ARGUMENTS: "The server did not understand the request",
  BAD_CREDENTIALS: "Wrong user name or password",
  BAD_LINE: "The server could not read the request",
  BAD_NAME: "A user name has 1 to 32 characters: A-Z a-z 0-9 _ . -",
  BAD_PASSWORD:
    "A new password has 8 to 128 bytes (a server may ask for more than 8) and no control characters",
  BAD_SIGNATURE: "The signature is not valid",
  BAD_TICKET: "The ticket was not signed by this server",
  BAD_TOKEN: "Your login has ended: log in again",
  BAD_TRANSCRIPT: "The record of the match is not valid",
  BANNED: "The operator of this server has closed that account",
  BUSY: "That player is in a match or has an open invitation",
  CONFLICT: "The result contradicts the one recorded",
  IN_MATCH: "You are in a match",
  INVITE_PENDING: "There is already an open invitation",
  MATCH_OVER: "The match is over",
  NOT_BOUND: "The connection is not bound",
  NOT_CONNECTED: "That player is not connected",
  NOT_LOGGED_IN: "Log in first: login <user>",
  NOT_YOUR_MATCH: "That match is not yours",
  NOT_YOUR_TURN: "It is not your turn",
  NO_INVITATION: "The invitation is no longer open",
  NO_KEY: "That player's client cannot play",
  NO_REPLY: "That player's client does not answer",
  SAME_PASSWORD: "The new password is the same as the old one",
  SELF: "You cannot invite yourself",
  SQUARE_TAKEN: "That square is taken",
  TRY_LATER: "The server is busy",
  UNKNOWN_COMMAND: "The server does not know that command",
  UNKNOWN_CONNECTION: "The server no longer knows this connection",
  UNKNOWN_MATCH: "The server does not know that match",
  USER_EXISTS: "That name is taken",
  WRONG_CONNECTION: "The server does not expect that on this connection",
};

function duration(seconds: number): string {
  const minutes = seconds / 60;
  return minutes >= 2 && Number.isInteger(minutes) ? `${minutes} minutes` : `${seconds} s`;
}

export const en: Texts = {
  notices: {
    connected: ({ server }) => `Connected to ${server}`,
    "server-lost": ({ isMatchOn }) =>
      `The server is away; trying to reach it${isMatchOn ? ". Your match goes on" : ""}`,
    "server-back": () => "The server is back",
    "server-given-up": ({ seconds }) =>
      `The server did not come back within ${duration(seconds)}: \`reconnect\` tries again`,
    reconnecting: () => "Trying to reach the server...",
    replaced: () => "You logged in elsewhere, so this login has ended: `reconnect`, then log in",
    "first-use": ({ server, fingerprint }) =>
      `First time at ${server}: its certificate is remembered (SHA-256 ${fingerprint})`,
    "certificate-changed": ({ server, expected, shown, where, knownAs }) =>
      [
        `DANGER: ${server} shows a different certificate than before. Nothing was sent.`,
        `  expected ${expected}`,
        `  shown    ${shown}`,
        knownAs && `It is the certificate of ${knownAs}: this may be the wrong address`,
        `Someone may be listening in. If you know why it changed, correct ${where} and try again`,
      ]
        .filter(Boolean)
        .join("\n"),
    "certificate-expired": ({ server }) =>
      `The certificate of ${server} has expired, so nothing was sent: its operator has to renew it`,
    "secure-failed": ({ reason }) => `No secure connection to the server: ${reason}. Try again`,
    "user-created": ({ user }) => `User '${user}' created`,
    "logged-in": ({ user }) => `Logged in as ${user}`,
    "logged-out": () => "Logged out",
    "session-ended": ({ user }) =>
      user
        ? `The last login, as ${user}, has ended: log in again`
        : "The server is back, but your login has ended: log in again",
    resumed: ({ user }) => `Logged in as ${user}, as before (login or logout to change that)`,
    "not-kept": ({ reason }) =>
      `The state folder cannot be written, so a crash would lose what happens now: ${reason}`,
    "action-not-kept": ({ reason }) =>
      `Not done: it could not be saved: ${reason}. Correct that and try again`,
    "cannot-restore": () => "The saved state of a match is damaged, so it cannot continue here",
    "password-changed": () => "Password changed",
    "server-refused": ({ code, seconds, text }) => {
      const said = isErrorCode(code) ? errors[code] : text || code;
      return seconds === undefined ? said : `${said}: try again in ${seconds} s`;
    },
    "out-of-place": ({ command, reason, user }) => {
      switch (reason) {
        case "NOT_CONNECTED":
          return `${command} needs the server, which is away`;
        case "NOT_LOGGED_IN":
          return `${command}: log in first (login <user>)`;
        case "LOGGED_IN":
          return `You are logged in as ${user}: logout first`;
        case "IN_MATCH":
          return `${command}: not during a match (end gives it up)`;
        case "NO_MATCH":
          return `${command}: you are not in a match (begin <user> invites someone)`;
        case "INVITING":
          return `${command}: wait for ${user}, or cancel the invitation (cancel)`;
        case "INVITED":
          return `${command}: answer ${user} first (y or n)`;
        case "NOT_INVITING":
          return "cancel: you have no invitation open";
        case "NO_QUESTION":
          return "There is nothing to answer";
        case "CONNECTED":
          return "You are already connected";
        case "TOO_EARLY_TO_LEAVE":
          return `You may leave without a loss once ${user} has not moved for 2 minutes (end gives up)`;
      }
    },
    inviting: ({ user }) => `Inviting ${user}...`,
    "invitation-refused": ({ user, reason }) => {
      if (reason === "EXPIRED") return `${user} did not answer`;
      return reason === "DISCONNECTED" ? `${user} has left` : `${user} declined`;
    },
    invited: ({ user }) => `${user} invites you to a match! Accept? [Y/n]`,
    "invitation-ended": ({ user, reason }) => {
      if (reason === "EXPIRED") return `The invitation from ${user} has expired`;
      return reason === "DISCONNECTED" ? `${user} has left` : `${user} withdrew the invitation`;
    },
    "invitation-withdrawn": ({ user }) => `The invitation to ${user} is withdrawn`,
    declined: ({ user }) => `You declined ${user}'s invitation`,
    "cannot-listen": ({ reason }) => `The invitation was declined, because no port is free: ${reason}`,
    "bad-ticket": ({ opponent }) => `The match with ${opponent} cannot start: its ticket is not valid`,
    "match-started": ({ opponent, symbol }) => `Match with ${opponent}: you are ${symbol}`,
    "match-resumed": ({ opponent, symbol }) => `Back in the match with ${opponent}: you are ${symbol}`,
    "match-unknown": ({ opponent }) =>
      `The server says that the match with ${opponent} is over; the result follows`,
    "cannot-listen-again": ({ reason }) =>
      `Your opponent cannot reach you yet: ${reason}. Trying again until that port is free`,
    "your-move": () => "Your move: send <row> <column>",
    waiting: ({ opponent }) => `Waiting for ${opponent}...`,
    illegal: ({ code, square, opponent }) => {
      if (code === "SQUARE_TAKEN") return `Square ${square?.row} ${square?.column} is taken`;
      if (code === "NOT_YOUR_TURN") return `It is ${opponent}'s turn`;
      return code === "MATCH_OVER" ? "The match is over" : "Row and column go from 1 to 3";
    },
    "you-played": ({ square }) => `You played ${square.row} ${square.column}`,
    "opponent-played": ({ opponent, square }) => `${opponent} played ${square.row} ${square.column}`,
    "you-gave-up": () => "You gave up",
    "opponent-gave-up": ({ opponent }) => `${opponent} gave up`,
    "peer-lost": ({ opponent }) => `No connection to ${opponent}; trying again`,
    "peer-back": ({ opponent }) => `${opponent} is connected again`,
    "peer-gone": ({ opponent, seconds }) =>
      `${opponent} could not be reached for ${duration(seconds)}: the match is broken off`,
    "opponent-idle": ({ opponent, seconds }) =>
      `${opponent} has not moved for ${seconds} s: leave breaks the match off, without a loss`,
    "you-left": ({ opponent }) => `You left the match with ${opponent}`,
    delays: ({ latestMs }) =>
      latestMs.length === 0
        ? "No delay measured yet"
        : `Delay: ${latestMs.map((ms) => `${ms.toFixed(1)} ms`).join(", ")}`,
    "result-waits": ({ claim }) => {
      const text = "The result is kept and will be sent when the server is back";
      if (claim === "ABANDONED") return text;
      return `${text}: ${{ WIN: "you won", LOST: "you lost", DRAW: "it is a draw" }[claim]}`;
    },
    "result-owed": ({ user, opponent }) => `The result of ${user} against ${opponent} is still to be sent`,
    result: ({ outcome, points }) => {
      switch (outcome) {
        case "WIN":
          return `You won! +${points} points`;
        case "LOST":
          return "You lost";
        case "DRAW":
          return `Draw! +${points} point`;
        case "VOID":
          return "The match does not count";
        case "PENDING":
          return "The match was broken off; the server settles it within 3 minutes";
      }
    },
    "result-refused": ({ opponent, code, text }) =>
      `The result against ${opponent} was refused: ${text || code}`,
    rematch: () => "Rematch? [Y/n]",
    "rematch-waits": ({ opponent, seconds }) =>
      `Waiting for ${opponent}... (at most ${seconds} s; cancel withdraws your yes)`,
    "rematch-withdrawn": () => "No rematch, then",
    "rematch-declined": ({ opponent }) => `${opponent} does not want a rematch`,
  },
  errors,
  help: {
    adduser: "register a new user",
    login: "log in",
    passwd: "change your password",
    logout: "log out, and stay connected",
    list: "who is connected and who is playing",
    leaders: "every player's points",
    begin: "invite a player to a match",
    cancel: "withdraw your invitation, or your yes to a rematch",
    send: "play on a square; rows and columns go from 1 to 3",
    board: "show the board again",
    delay: "the last three round trips to your opponent",
    end: "give up the match",
    leave: "break off a match if the opponent does not move",
    reconnect: "try to reach the server again",
    help: "this list",
    exit: "leave, as Ctrl-C does; you stay logged in",
  },
  parameters: {
    user: "user",
    password: "password",
    oldPassword: "old",
    newPassword: "new",
    row: "row",
    column: "column",
  },
  yesNo: "[Y/n]:",
  yesNoLine: null,
  noYes: "[y/N]:",
  confirmEnd: (opponent) => `Give up the match? ${opponent} wins then`,
  confirmExit: (opponent) =>
    `Leave during the match with ${opponent}? You can lose it if you are not back within 3 minutes`,
  yes: ["", "y", "yes"],
  no: ["n", "no"],
  usersTitle: "Connected users:",
  leadersTitle: "LEADERBOARD",
  free: "free",
  playing: "playing",
  you: "you",
  helpTitle: "Commands",
  helpHint: "Type help to see the commands",
  connecting: (server) => `Connecting to ${server}...`,
  goodbye: "Goodbye",
  answerYesOrNo: "Please answer y or n",
  passwordOf: (user) => `Password of ${user}:`,
  newPasswordOf: (user) => `New password for ${user}:`,
  oldPassword: "Old password:",
  newPassword: "New password:",
  repeatPassword: "Repeat the password:",
  passwordsDiffer: "The passwords differ; nothing was changed",
  unknownCommand: (word, suggestion) =>
    suggestion ? `No command '${word}'. Did you mean ${suggestion}?` : `No command '${word}': try help`,
  usage: (usage) => `Usage: ${usage}`,
  leaveSecretsOut: "Leave out what is in brackets to be asked for it; then it may contain spaces",
  badUser: "A user name has 1 to 32 characters: A-Z a-z 0-9 _ . -",
  badSquare: "Row and column go from 1 to 3",
  whichSession: (sessions) =>
    [
      "Several logins can continue here:",
      ...sessions.map(
        ({ user, hasMatch }, index) => `  ${index + 1}  ${user}${hasMatch ? ", with a match" : ""}`,
      ),
    ].join("\n"),
  numberOrNone: "Which one? Type its number, or Enter for none:",
  badNumber: (highest) => `Type a number from 1 to ${highest}, or Enter for none`,
  sessionTaken: (user) => `The login of ${user} has just continued elsewhere`,
  unreachable: (server, reason) =>
    `Cannot connect to ${server}: ${reason}. Is the server running, and are host and port right?`,
};
