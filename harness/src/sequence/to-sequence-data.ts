// A run's result → what its sequence diagram is drawn from. Pure.

import { flowColour } from "../charts/theme.ts";
import { flowsOf } from "../result/byte-series.ts";
import type { Connection, RunResult, SaidMessage } from "../result/result.ts";
import { rounded } from "../text/quantities.ts";
import { countOf, foldRoutine } from "./fold.ts";
import { OVER, type Participant, type Said, type SequenceData, type SequenceMark } from "./sequence-data.ts";

const LONGEST_TYPE = 32;

const NOT_MEASURED: Participant = { label: "not measured", lives: [] };

/** Null where no messages were kept. Of more than `most` routine is folded first, and then the beginning is taken. */
export function toSequenceData(result: RunResult, most: number, longestText: number): SequenceData | null {
  if (result.connections.every(({ conversation }) => !conversation)) return null;
  const flows = flowsOf(result).map(({ name, label }, index) => ({ name, label, colour: flowColour(index) }));
  const cast = new Cast(result);
  const all = result.connections
    .flatMap((connection, index) => {
      const flow = flows.findIndex(({ name }) => name === connection.flow);
      return saidOn(connection, cast, longestText).map((said) => ({ ...said, flow, connection: index }));
    })
    .sort((one, other) => one.sentMs - other.sentMs);
  const kept = (all.length > most ? foldRoutine(all) : all).slice(0, most);
  const dropped = result.connections.reduce((sum, one) => sum + (one.conversation?.droppedCount ?? 0), 0);
  return {
    participants: cast.participants(),
    flows: flows.map(({ label, colour }) => ({ label, colour })),
    said: kept.map((said) => ({ ...said, from: cast.place(said.from), to: cast.place(said.to) })),
    marks: marksOf(result),
    leftOut: all.length - countOf(kept) + dropped,
  };
}

type SaidSomewhere = Omit<Said, "flow" | "connection">;

function saidOn(
  { dialerSocketId, acceptorSocketId, conversation }: Connection,
  cast: Cast,
  longestText: number,
): SaidSomewhere[] {
  const ends = { dialer: cast.end(dialerSocketId), acceptor: cast.end(acceptorSocketId) };
  return (conversation?.messages ?? []).map((message) => {
    const [from, to] =
      message.from === "dialer" ? [ends.dialer, ends.acceptor] : [ends.acceptor, ends.dialer];
    const sentMs = message.sentAtMs ?? message.receivedAtMs ?? 0;
    // Where nobody looked, nothing can be missed.
    const receivedMs = message.receivedAtMs ?? (to.isHeard ? null : sentMs);
    return {
      from: from.member,
      to: to.member,
      sentMs: toMicroseconds(sentMs),
      receivedMs: receivedMs === null ? null : toMicroseconds(receivedMs),
      bytes: message.bytes,
      type: message.type?.slice(0, LONGEST_TYPE) ?? null,
      text: shortenedText(message, longestText),
      ...(message.isRoutine && { isRoutine: true }),
    };
  });
}

/** Who takes part: processes in the order of the result, and at the right whoever was not measured. */
class Cast {
  readonly #result: RunResult;
  readonly #sockets: Map<string, RunResult["sockets"][number]>;
  readonly #members = new Set<number>();

  constructor(result: RunResult) {
    this.#result = result;
    this.#sockets = new Map(result.sockets.map((socket) => [socket.id, socket]));
  }

  end(socketId: string | null): { member: number; isHeard: boolean } {
    const socket = this.#sockets.get(socketId ?? "");
    const found = this.#result.processes.findIndex(({ id }) => id === socket?.processId);
    const member = found < 0 ? this.#result.processes.length : found;
    this.#members.add(member);
    return { member, isHeard: socket?.messages !== undefined };
  }

  place(member: number): number {
    return this.#inOrder().indexOf(member);
  }

  participants(): Participant[] {
    const { processes, durationMs } = this.#result;
    return this.#inOrder().map((member) => {
      const measured = processes[member];
      if (!measured) return NOT_MEASURED;
      const lives = [...(measured.earlierLives ?? []), measured];
      return {
        label: measured.label,
        lives: lives.map(({ startedAtMs, endedAtMs }) => ({
          startMs: toMicroseconds(startedAtMs),
          endMs: toMicroseconds(endedAtMs ?? durationMs),
        })),
      };
    });
  }

  #inOrder(): number[] {
    return [...this.#members].sort((one, other) => one - other);
  }
}

function marksOf({ phases, outages = [] }: RunResult): SequenceMark[] {
  const marks: SequenceMark[] = [
    ...phases.map(({ name, startMs }) => ({ label: name, atMs: startMs, kind: "phase" as const })),
    ...outages.flatMap(({ label, startMs, endMs }) => [
      { label, atMs: startMs, kind: "outage" as const },
      { label: `${label}${OVER}`, atMs: endMs, kind: "outage" as const },
    ]),
  ];
  return marks.sort((one, other) => one.atMs - other.atMs);
}

function shortenedText({ text }: SaidMessage, longest: number): string | null {
  if (text === null || text.length <= longest) return text;
  return `${text.slice(0, longest - 1)}…`;
}

/** The clocks of two processes agree to microseconds at best. */
function toMicroseconds(timeMs: number): number {
  return rounded(timeMs, 3);
}
