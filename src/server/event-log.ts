// `log.txt`: what happened, a line each, `[YYYY-MM-DD HH:MM:SS +HH:MM] …` in local time with its distance from UTC. What a client sent is escaped, so
// that no client can write lines of its own. On a full disk lines wait, and are lost beyond a limit; the game goes on.
import type { Clock } from "../shared/clock/clock.ts";
import { type EventTotals, noEvents } from "./event-totals.ts";
import type { LogFile } from "./log-file.ts";
import { networkOf } from "./network-of.ts";
import { RecentEvents } from "./recent-events.ts";
import { errorText } from "./startup-error.ts";
import type { MatchOutcome } from "./store/store.ts";

const MINUTE_MS = 60_000;
const MAX_REMEMBERED = 10_000;
/** Per address and minute; further clients are served, but not logged. */
const MAX_CONNECTED_LINES = 100;
const MAX_CLIENT_TEXT = 64;
const MAX_OPERATOR_TEXT = 512;
/** With more characters than this waiting for disk space, further lines are lost. */
const MAX_WAITING = 65_536;

interface LoggedMatch {
  matchId: string;
  inviter: string;
  invitee: string;
  outcome: MatchOutcome;
}

export class EventLog {
  readonly totals: EventTotals = noEvents();
  readonly #file: LogFile;
  readonly #clock: Clock;
  readonly #onTrouble: (reason: string) => void;
  #isInTrouble = false;
  #isClosed = false;
  #isFlushPlanned = false;
  #unwritten = "";
  #lostCount = 0;
  readonly #connects: RecentEvents;
  readonly #offences: RecentEvents;
  readonly #refusals: RecentEvents;

  /** `onTrouble` is called once when lines cannot be written, and again only after they could be. */
  constructor(file: LogFile, clock: Clock, onTrouble: (reason: string) => void = () => {}) {
    this.#file = file;
    this.#clock = clock;
    this.#onTrouble = onTrouble;
    this.#connects = new RecentEvents(clock, MINUTE_MS, MAX_REMEMBERED);
    this.#offences = new RecentEvents(clock, MINUTE_MS, MAX_REMEMBERED);
    this.#refusals = new RecentEvents(clock, MINUTE_MS, MAX_REMEMBERED);
  }

  started(port: number): void {
    this.#write(`Server started listening in port ${port}`);
  }

  /** The lines right after `started`. */
  lastRun(endedNormally: boolean, openMatches: readonly Omit<LoggedMatch, "outcome">[]): void {
    this.#write(
      endedNormally
        ? "Last run ended normally"
        : `Last run ended unexpectedly; ${counted(openMatches.length, "match was", "matches were")} on`,
    );
    for (const { matchId, inviter, invitee } of openMatches)
      this.#write(`Match ${matchId} between ${quote(inviter)} and ${quote(invitee)} is still on`);
  }

  /** Returns whether the line was written: reconnecting does not fill the disk. */
  connected(ip: string, port: number): boolean {
    this.totals.clients += 1;
    const isTooMuch = !this.#isRoomFor(this.#connects, ip, MAX_CONNECTED_LINES);
    if (isTooMuch)
      this.violation(ip, `more than ${MAX_CONNECTED_LINES} clients a minute, not logged one by one`);
    else this.#write(`Client connected from ip ${ip} and port ${port}`);
    return !isTooMuch;
  }

  disconnected(ip: string, port: number): void {
    this.#write(`Client disconnected from ip ${ip} and port ${port}`);
  }

  loggedIn(user: string, ip: string): void {
    this.totals.loginsGood += 1;
    this.#write(`User ${quote(user)} successfully logged in from ip ${ip}`);
  }

  loginFailed(user: string, ip: string): void {
    this.totals.loginsBad += 1;
    this.#write(`User ${quote(user)} failed to log in from ip ${ip}`);
  }

  bannedLogin(user: string, ip: string): void {
    this.totals.loginsBad += 1;
    this.#write(`User ${quote(user)} is banned and was not logged in from ip ${ip}`);
  }

  loggedOut(user: string, ip: string): void {
    this.#write(`User ${quote(user)} logged out from ip ${ip}`);
  }

  registered(user: string, ip: string): void {
    this.#write(`User ${quote(user)} was created from ip ${ip}`);
  }

  passwordChanged(user: string, ip: string): void {
    this.#write(`User ${quote(user)} changed the password from ip ${ip}`);
  }

  /** It was answered TRY_LATER, by a limit or because the store is in trouble; at most one line per address and minute. */
  limited(request: string, ip: string, seconds: number): void {
    if (!this.#isRoomFor(this.#refusals, ip, 1)) return;
    this.#write(`Told to wait ${seconds} s: ${request} from ip ${ip}`);
  }

  matchStarted(matchId: string, inviter: string, invitee: string): void {
    this.totals.matchesStarted += 1;
    this.#write(`Match ${matchId} started between ${quote(inviter)} and ${quote(invitee)}`);
  }

  matchEnded({ matchId, inviter, invitee, outcome }: LoggedMatch): void {
    this.totals.matchesEnded[outcome] += 1;
    const endings = {
      X: `winner ${quote(inviter)}`,
      O: `winner ${quote(invitee)}`,
      draw: "draw",
      void: "void",
    };
    this.#write(
      `Match ${matchId} ended between ${quote(inviter)} and ${quote(invitee)}: ${endings[outcome]}`,
    );
  }

  /** `user` is null when nobody was logged in. */
  heartbeatLost(user: string | null, ip: string, port: number): void {
    this.totals.heartbeatsLost += 1;
    if (user === null && !this.#isRoomFor(this.#offences, ip, 1)) return;
    const who = user === null ? "client" : `user ${quote(user)}`;
    this.#write(`Heartbeat lost: ${who} from ip ${ip} and port ${port}`);
  }

  /** A breach of the protocol; at most one line per address and minute. */
  violation(ip: string, what: string): void {
    this.totals.violations += 1;
    if (!this.#isRoomFor(this.#offences, ip, 1)) return;
    this.#write(`Protocol violation from ip ${ip}: ${escapeText(what)}`);
  }

  /** What an operator asked for through `velha admin`, and what came of it. */
  operator(asked: string, outcome: string): void {
    this.#write(
      `Operator: ${escapeText(asked, MAX_OPERATOR_TEXT)}: ${escapeText(outcome, MAX_OPERATOR_TEXT)}`,
    );
  }

  /** A problem of the server, which continues to run. */
  trouble(reason: string): void {
    this.#write(`Trouble: ${escapeText(reason, Infinity)}`);
  }

  troubleOver(what = "changes are kept again"): void {
    this.#write(`The trouble is over: ${what}`);
  }

  renewed(): void {
    this.#write("log.txt was opened and the certificate read anew");
  }

  shuttingDown(): void {
    this.#write("Server shutting down");
  }

  /** Writes what is waiting; later lines are dropped. */
  close(): void {
    if (this.#isClosed) return;
    this.#flush();
    this.#isClosed = true;
    this.#file.close();
  }

  #isRoomFor(events: RecentEvents, ip: string, limit: number): boolean {
    const network = networkOf(ip);
    if (events.waitMs(network, limit) > 0) return false;
    events.start(network)(true);
    return true;
  }

  /** The lines of one turn of the event loop are written together. */
  #write(text: string): void {
    if (this.#isClosed) return;
    if (this.#unwritten.length > MAX_WAITING && this.#isInTrouble) this.#lostCount += 1;
    else this.#unwritten += this.#stamped(text);
    if (this.#isFlushPlanned) return;
    this.#isFlushPlanned = true;
    setImmediate(() => this.#flush());
  }

  #stamped(text: string): string {
    return `[${localTime(this.#clock.nowMs())}] ${text}\n`;
  }

  #flush(): void {
    this.#isFlushPlanned = false;
    if (this.#unwritten === "" || this.#isClosed) return;
    try {
      this.#file.append(this.#unwritten);
    } catch (error) {
      if (!this.#isInTrouble)
        this.#onTrouble(`cannot write log.txt (${errorText(error)}); its lines wait for space or are lost`);
      this.#isInTrouble = true;
      return;
    }
    this.#unwritten = "";
    this.#isInTrouble = false;
    if (this.#lostCount > 0)
      this.#write(
        `${counted(this.#lostCount, "line was", "lines were")} lost while they could not be written`,
      );
    this.#lostCount = 0;
  }
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}

function quote(clientText: string): string {
  return `'${escapeText(clientText)}'`;
}

/** Printable ASCII; `'`, `%` and everything else as %XX; only the beginning of a long text. */
function escapeText(clientText: string, maxLength = MAX_CLIENT_TEXT): string {
  const start = clientText.slice(0, maxLength);
  const escaped = [...Buffer.from(start, "utf8")].map((byte) => {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25 && byte !== 0x27;
    return isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  });
  return escaped.join("") + (clientText.length > maxLength ? "..." : "");
}

function localTime(timeMs: number): string {
  const time = new Date(timeMs);
  const two = (number: number) => String(number).padStart(2, "0");
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  const ahead = -time.getTimezoneOffset();
  const hours = Math.floor(Math.abs(ahead) / 60);
  const zone = `${ahead < 0 ? "-" : "+"}${two(hours)}:${two(Math.abs(ahead) % 60)}`;
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())} ${zone}`;
}
