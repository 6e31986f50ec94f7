// The data of a sequence diagram: participants, and messages in the order of sending. The page contains it as JSON, so
// it is plain data. Times are milliseconds of the run.

export interface Participant {
  label: string;
  /** Empty if the program was not measured. */
  lives: { startMs: number; endMs: number }[];
}

export interface SequenceFlow {
  label: string;
  colour: string;
}

/** A message, or several routine messages of one connection folded into the first. */
export interface SequenceMessage {
  /** The next four are indices of participants, flows and connections. */
  from: number;
  to: number;
  flow: number;
  connection: number;
  sentMs: number;
  /** Null if the arrival was not seen. */
  receivedMs: number | null;
  bytes: number;
  /** Both null under TLS. */
  type: string | null;
  text: string | null;
  isRoutine?: boolean | undefined;
  folded?: Folded;
}

export interface Folded {
  /** The number of messages of each type. */
  counts: [type: string, count: number][];
  untilMs: number;
  isBothWays: boolean;
}

/** The label of the mark at the end of an outage ends with this. */
export const OVER = ": over";

export interface SequenceMark {
  label: string;
  atMs: number;
  kind: "phase" | "outage";
}

export interface SequenceData {
  participants: Participant[];
  flows: SequenceFlow[];
  messages: SequenceMessage[];
  marks: SequenceMark[];
  /** Messages of the run that are not in `messages`. */
  leftOut: number;
}
