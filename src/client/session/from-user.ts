// What the user asks for, handed to the part of the session that does it. Whether it is in place is checked before.
import type { Command } from "../commands.ts";
import type { FromServer, SessionParts } from "./from-server.ts";

export class FromUser {
  readonly #parts: SessionParts;
  readonly #fromServer: FromServer;

  constructor(parts: SessionParts, fromServer: FromServer) {
    this.#parts = parts;
    this.#fromServer = fromServer;
  }

  take(command: Command): void {
    const { context, account, lookups, invitations, current } = this.#parts;
    switch (command.name) {
      case "login":
      case "adduser":
      case "passwd":
        account.run(command);
        break;
      case "logout":
        this.logOut();
        break;
      case "list":
        lookups.list();
        break;
      case "leaders":
        lookups.leaders();
        break;
      case "begin":
        invitations.begin(command.user);
        break;
      case "cancel":
        if (invitations.isAwaitingRematch) {
          invitations.takeRematchBack();
        } else {
          this.#fromServer.expect("cancel");
          invitations.cancel();
        }
        break;
      case "answer":
        invitations.answer(command.isYes);
        break;
      case "send":
        current.act({ kind: "play", row: command.row, column: command.column });
        break;
      case "board":
        current.showBoard();
        break;
      case "delay":
        current.showDelays();
        break;
      case "end":
        current.giveUp();
        break;
      case "leave":
        current.leave();
        break;
      case "reconnect":
        context.say({ kind: "reconnecting" });
        context.emit({ kind: "reconnect" });
        break;
    }
  }

  logOut(): void {
    const { context, invitations } = this.#parts;
    this.#fromServer.expect("logout");
    invitations.dropRematch();
    context.send({ name: "logout" });
  }
}
