// A run's result → the data of its sequence diagram. Pure.
import { flowColour } from "../charts/theme.ts";
import { flowsOf } from "../result/byte-series.ts";
import type { Connection, RunResult, SaidMessage } from "../result/result.ts";
import { sum } from "../statistics/totals.ts";
import { rounded } from "../text/quantities.ts";
import { countOf, foldRoutine } from "./fold.ts";
import {
  OVER,
  type Participant,
  type SequenceData,
  type SequenceMark,
  type SequenceMessage,
} from "./sequence-data.ts";

const LONGEST_TYPE = 32;

const NOT_MEASURED: Participant = { label: "not measured", lives: [] };

/** Null if no messages were kept. Of more than `max` messages, routine is folded first and then the first `max` are kept. */
export function toSequenceData(result: RunResult, max: number, longestText: number): SequenceData | null {
  if (result.connections.every(({ conversation }) => !conversation)) return null;
  const flows = flowsOf(result).map(({ name, label }, index) => ({ name, label, colour: flowColour(index) }));
  const participants = new Participants(result);
  const all = result.connections
    .flatMap((connection, index) => {
      const flow = flows.findIndex(({ name }) => name === connection.flow);
      return messagesOn(connection, participants, longestText).map((message) => ({
        ...message,
        flow,
        connection: index,
      }));
    })
    .sort((one, other) => one.sentMs - other.sentMs);
  const kept = (all.length > max ? foldRoutine(all) : all).slice(0, max);
  const dropped = sum(result.connections.map(({ conversation }) => conversation?.droppedCount ?? 0));
  return {
    participants: participants.all(),
    flows: flows.map(({ label, colour }) => ({ label, colour })),
    messages: kept.map((message) => ({
      ...message,
      from: participants.indexOf(message.from),
      to: participants.indexOf(message.to),
    })),
    marks: marksOf(result),
    leftOut: all.length - countOf(kept) + dropped,
  };
}

type ConnectionMessage = Omit<SequenceMessage, "flow" | "connection">;

function messagesOn(
  { dialerSocketId, acceptorSocketId, conversation }: Connection,
  participants: Participants,
  longestText: number,
): ConnectionMessage[] {
  const ends = { dialer: participants.end(dialerSocketId), acceptor: participants.end(acceptorSocketId) };
  return (conversation?.messages ?? []).map((message) => {
    const [from, to] =
      message.from === "dialer" ? [ends.dialer, ends.acceptor] : [ends.acceptor, ends.dialer];
    const sentMs = message.sentAtMs ?? message.receivedAtMs ?? 0;
    // A message to an unmeasured program counts as arrived.
    const receivedMs = message.receivedAtMs ?? (to.isMeasured ? null : sentMs);
    return {
      from: from.member,
      to: to.member,
      sentMs: toMicroseconds(sentMs),
      receivedMs: receivedMs === null ? null : toMicroseconds(receivedMs),
      bytes: message.bytes,
      type: message.type?.slice(0, LONGEST_TYPE) ?? null,
      text: shortenedText(message, longestText),
      isRoutine: message.isRoutine,
    };
  });
}

/** The participants: processes in the order of the result, and last the programs that were not measured. */
class Participants {
  readonly #result: RunResult;
  readonly #sockets: Map<string, RunResult["sockets"][number]>;
  readonly #members = new Set<number>();

  constructor(result: RunResult) {
    this.#result = result;
    this.#sockets = new Map(result.sockets.map((socket) => [socket.id, socket]));
  }

  end(socketId: string | null): { member: number; isMeasured: boolean } {
    const socket = this.#sockets.get(socketId ?? "");
    const found = this.#result.processes.findIndex(({ id }) => id === socket?.processId);
    const member = found < 0 ? this.#result.processes.length : found;
    this.#members.add(member);
    return { member, isMeasured: socket?.messages !== undefined };
  }

  indexOf(member: number): number {
    return this.#inOrder().indexOf(member);
  }

  all(): Participant[] {
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

/** The clocks of two processes agree to a microsecond at best. */
function toMicroseconds(timeMs: number): number {
  return rounded(timeMs, 3);
}
