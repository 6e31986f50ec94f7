// What a user, or a bot, can ask a client to do, and when.
import type { RefusalReason } from "./session/notice.ts";

export type Command =
  | { name: "adduser"; user: string; password: string }
  | { name: "passwd"; oldPassword: string; newPassword: string }
  | { name: "login"; user: string; password: string }
  | { name: "logout" }
  | { name: "list" }
  | { name: "leaders" }
  | { name: "begin"; user: string }
  | { name: "cancel" }
  | { name: "answer"; isYes: boolean }
  | { name: "send"; row: number; column: number }
  | { name: "board" }
  | { name: "delay" }
  | { name: "end" }
  | { name: "leave" }
  | { name: "reconnect" };

export type CommandName = Command["name"];

/** Where a user stands. A match goes on without the server, so `playing` says nothing about the connection. */
export type Phase = "disconnected" | "connected" | "logged-in" | "inviting" | "invited" | "playing";

interface Place {
  phases: readonly Phase[];
  /** It asks the server, so it has to wait for it. */
  needsServer: boolean;
}

const online: readonly Phase[] = ["connected", "logged-in", "inviting", "invited", "playing"];
const known: readonly Phase[] = ["logged-in", "inviting", "invited", "playing"];

const places: Record<CommandName, Place> = {
  adduser: { phases: online, needsServer: true },
  passwd: { phases: known, needsServer: true },
  login: { phases: ["connected"], needsServer: true },
  logout: { phases: ["logged-in", "inviting", "invited"], needsServer: true },
  list: { phases: online, needsServer: true },
  leaders: { phases: online, needsServer: true },
  begin: { phases: ["logged-in"], needsServer: true },
  cancel: { phases: ["inviting"], needsServer: true },
  answer: { phases: ["logged-in", "invited"], needsServer: true },
  send: { phases: ["playing"], needsServer: false },
  board: { phases: ["playing"], needsServer: false },
  delay: { phases: ["playing"], needsServer: false },
  end: { phases: ["playing"], needsServer: false },
  leave: { phases: ["playing"], needsServer: false },
  reconnect: { phases: ["disconnected", "playing"], needsServer: false },
};

/** Why `name` is out of place here, or null when it may run. */
export function refusalOf(name: CommandName, phase: Phase, isConnected: boolean): RefusalReason | null {
  const place = places[name];
  if (place.needsServer && !isConnected) return "NOT_CONNECTED";
  if (place.phases.includes(phase)) return null;
  if (name === "reconnect") return "CONNECTED";
  if (phase === "disconnected") return "NO_MATCH";
  if (phase === "connected") return "NOT_LOGGED_IN";
  if (place.phases.includes("playing")) return "NO_MATCH";
  if (name === "cancel") return "NOT_INVITING";
  if (phase === "playing") return "IN_MATCH";
  if (name === "login") return "LOGGED_IN";
  return phase === "inviting" ? "INVITING" : "INVITED";
}
