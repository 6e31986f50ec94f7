// What a sequence diagram is drawn from: who takes part, and what was said, in the order of sending. The page holds it
// as JSON, so it is plain data. Times are milliseconds of the run.

export interface Participant {
  label: string;
  /** Empty if it was not measured. */
  lives: { startMs: number; endMs: number }[];
}

export interface SequenceFlow {
  label: string;
  colour: string;
}

/** A message; or several of one connection that tell nothing new, folded into their first. */
export interface Said {
  /** Indices of participants, flows and connections. */
  from: number;
  to: number;
  flow: number;
  connection: number;
  sentMs: number;
  /** Null if it was not seen to arrive. */
  receivedMs: number | null;
  bytes: number;
  /** Both null under TLS. */
  type: string | null;
  text: string | null;
  isRoutine?: boolean;
  folded?: Folded;
}

export interface Folded {
  /** How often which type. */
  counts: [type: string, count: number][];
  untilMs: number;
  isBothWays: boolean;
}

/** Ends the label of the mark at the end of an outage. */
export const OVER = ": over";

export interface SequenceMark {
  label: string;
  atMs: number;
  kind: "phase" | "outage";
}

export interface SequenceData {
  participants: Participant[];
  flows: SequenceFlow[];
  said: Said[];
  marks: SequenceMark[];
  /** Messages of the run that are not in `said`. */
  leftOut: number;
}
