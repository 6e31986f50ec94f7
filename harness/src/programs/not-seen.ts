// What may be the reason that a program did not do what a scenario waits for: print a line, or listen at a port.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { distance } from "fastest-levenshtein";

const PORT_IN_USE = /EADDRINUSE|address (is )?(already )?in use|errno 98\b/i;
const TCP_LISTEN = "0A";
const LONGEST_LINE = 200;
const MOST_LINES = 1_000;

export interface Unseen {
  command: readonly string[];
  isTerminal: boolean;
  isAlive: boolean;
  /** The last lines that it printed, read or not. */
  printed: readonly string[];
  /** Whether standard output, unlike standard error, stayed empty. */
  isOutputEmpty: boolean;
  /** The id of the run's program with that process id. */
  idOf(pid: number): string | undefined;
}

/** A sentence for each; none if nothing is known. */
export function hintsForUnseen(pattern: RegExp, unseen: Unseen): string[] {
  const port = portHint(unseen);
  if (port !== null) return [port];
  return [similarHint(pattern, unseen), bufferHint(unseen)].filter((hint) => hint !== null);
}

/** The same of a program that did not listen; `ports` are those at which it does. */
export function hintsForUnheard(unseen: Unseen, ports: readonly number[]): string[] {
  const taken = portHint(unseen);
  if (taken !== null) return [taken];
  return ports.length > 0 ? [`It listens at ${ports.join(", ")}`] : [];
}

function similarHint(pattern: RegExp, { printed }: Unseen): string | null {
  const lines = printed.slice(-MOST_LINES).map((line) => line.slice(0, LONGEST_LINE));
  const { source, flags } = pattern;
  const seen = lines.find((line) => line.search(pattern) >= 0);
  if (seen !== undefined)
    return `It printed ${JSON.stringify(seen)} before the line that was seen last: each line is seen once, in order`;
  const anyCase = new RegExp(source, flags.includes("i") ? flags : `${flags}i`);
  const otherCase = lines.findLast((line) => line.search(anyCase) >= 0);
  if (otherCase !== undefined)
    return `It printed ${JSON.stringify(otherCase)}, which ${anyCase} matches: upper and lower case differ`;
  const unanchored = new RegExp(source.replace(/^\^/, "").replace(/\$$/, ""), flags);
  const elsewhere = lines.findLast((line) => line.search(unanchored) >= 0);
  if (elsewhere !== undefined)
    return `It printed ${JSON.stringify(elsewhere)}, which ${unanchored} matches: ^ and $ stand for a whole line`;
  const closest = closestLine(literalText(source), lines);
  return closest === null ? null : `The closest line that it printed: ${JSON.stringify(closest)}`;
}

/** What stands in a pattern apart from its signs. */
function literalText(source: string): string {
  return source.replaceAll(/\\[a-zA-Z]|[\\^$.*+?()[\]{}|]/g, "").toLowerCase();
}

function closestLine(text: string, lines: readonly string[]): string | null {
  if (text.length < 3) return null;
  const ranked = lines
    .map((line) => ({ line, edits: fewestEdits(text, line.toLowerCase()) }))
    .sort((one, other) => one.edits - other.edits);
  const best = ranked[0];
  return best && best.edits <= text.length / 3 ? best.line : null;
}

/** To the part of the line that is most like the text. */
function fewestEdits(text: string, line: string): number {
  let fewest = distance(text, line.slice(0, text.length));
  for (let start = 1; start + text.length <= line.length; start += 1)
    fewest = Math.min(fewest, distance(text, line.slice(start, start + text.length)));
  return fewest;
}

/** The C library and Python keep what goes to a pipe until some kilobytes have come together; Node does not. */
function bufferHint({ command, isAlive, isTerminal, isOutputEmpty }: Unseen): string | null {
  const [program = ""] = command;
  if (!isAlive || isTerminal || !isOutputEmpty || basename(program).startsWith("node")) return null;
  return `It may hold back what it prints, as many programs do when nobody looks: ${unbuffered(command)}, or terminal: true`;
}

/** Python has its own buffers, whoever starts it, and does not listen to `stdbuf`. */
function unbuffered([program = "", ...args]: readonly string[]): string {
  if (/^python/.test(basename(program))) return `write command: ["${program}", "-u", …]`;
  if (args.some((word) => /\bpython/.test(word))) return 'write environment: { PYTHONUNBUFFERED: "1" }';
  return `write command: ["stdbuf", "-oL", "${program}", …]`;
}

function portHint({ printed, command, idOf }: Unseen): string | null {
  const telling = printed.filter((line) => PORT_IN_USE.test(line));
  if (telling.length === 0) return null;
  const named = [...telling, ...command].flatMap((text) => text.match(/\d+/g) ?? []).map(Number);
  const sockets = listeningSockets();
  const port = named.find((number) => sockets.has(number));
  if (port === undefined)
    return "A port that it needs is taken: write await context.freePort() for one that is free";
  const pid = ownerOf(sockets.get(port)!);
  const owner = pid === null ? "another program" : (idOf(pid) ?? `${nameOf(pid)} (process ${pid})`);
  return `Port ${port} is taken by ${owner}: write await context.freePort() for one that is free`;
}

/** The inodes of sockets that listen, by port. Linux only. */
function listeningSockets(): Map<number, string> {
  const sockets = new Map<number, string>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"])
    for (const line of textOf(table).split("\n").slice(1)) {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      if (state === TCP_LISTEN) sockets.set(Number.parseInt(local.split(":")[1] ?? "", 16), inode);
    }
  return sockets;
}

function ownerOf(inode: string): number | null {
  const pids = namesIn("/proc").filter((name) => /^\d+$/.test(name));
  const holds = (pid: string) =>
    namesIn(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`);
  const pid = pids.find(holds);
  return pid === undefined ? null : Number(pid);
}

function nameOf(pid: number): string {
  return textOf(`/proc/${pid}/comm`).trim();
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
