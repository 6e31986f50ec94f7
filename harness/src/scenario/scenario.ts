// What a scenario is: data (flows, checks, texts) plus one function that plays it. Scenarios import only this
// folder; whatever belongs to the measured programs is told here as data.
import type { Figure, Plot, RunResult, Verdict } from "../result/result.ts";

/** How a connection is recognised. The first rule whose conditions all hold names the connection's flow. */
export interface Flow {
  name: string;
  label: string;
  /** The connection speaks TLS from its first byte. */
  isTls?: boolean;
  /** The port that the connection was dialled to. */
  port?: number;
  /** Matches one of the first lines of the connection, in either direction. */
  firstLine?: RegExp;
}

/** How the payload of connections, under TLS the plaintext, becomes messages: then bytes are counted by their type. */
export interface MessageFormat {
  /** One ASCII character that ends each message. */
  separator: string;
  /** Its first group, found in a message's first 256 bytes, names the type. */
  type: RegExp;
  /**
   * What nobody may see of messages that are kept (`--messages`): each is done in turn on a message's first 256 bytes,
   * in the process that says or hears it.
   */
  masks?: Mask[];
  /** Types that come again and again and tell nothing new, such as ping and pong: a diagram folds them. */
  routine?: RegExp;
}

/** `becomes` may use $1, $2, … of the match. */
export interface Mask {
  match: RegExp;
  becomes: string;
}

/** A line of output that marks a moment of the run. `label` may use $1, $2, … of the match. */
export interface EventPattern {
  match: RegExp;
  name: string;
  label: string;
}

/** A printed line that tells a value: its first group is the number. Series of one name share a chart. */
export interface SeriesPattern {
  match: RegExp;
  name: string;
  label: string;
  unit: string;
}

export interface ProgramSpec {
  /** Names its chart and its column. Unique among those that run: one that has ended can be started again. */
  id: string;
  label?: string;
  /** Program and arguments. A first word of "node" is this Node binary. */
  command: string[];
  /** The folder in which it runs. Default: the one in which the tool was started. */
  cwd?: string;
  /**
   * Runs it in a terminal of 80 columns and 24 rows, for programs that ask for one, or that buffer what they print
   * when nobody sees it. Colours and other escape sequences are not part of its lines. Default: false.
   */
  terminal?: boolean;
  environment?: Record<string, string>;
  /** Who counts its bytes: the probe inside, if it runs on Node (the default), or the kernel, for all others. */
  countedBy?: "probe" | "kernel";
  events?: EventPattern[];
  series?: SeriesPattern[];
  /** A file to which it appends lines: they count as printed. */
  logFile?: string;
}

/** Signals that a scenario sends. Spelled out, so that a project needs no types of Node for its scenarios. */
export type Signal =
  | "SIGABRT"
  | "SIGALRM"
  | "SIGCONT"
  | "SIGHUP"
  | "SIGINT"
  | "SIGKILL"
  | "SIGPIPE"
  | "SIGQUIT"
  | "SIGSTOP"
  | "SIGTERM"
  | "SIGTSTP"
  | "SIGTTIN"
  | "SIGTTOU"
  | "SIGUSR1"
  | "SIGUSR2"
  | "SIGWINCH";

export interface Program {
  readonly id: string;
  readonly pid: number;
  /** Writes one line to the program's standard input. */
  type(line: string): void;
  /** Ends the program's standard input, as Ctrl-D does. */
  endInput(): void;
  /**
   * Resolves with the match once a line printed after the last one that was waited for matches.
   * Rejects with a StepFailure that names what was expected and what was printed last.
   */
  sees(pattern: RegExp, options?: { withinMs?: number }): Promise<RegExpMatchArray>;
  /** Resolves once the program, or one that it started, accepts TCP connections at that port. */
  listens(port: number, options?: { withinMs?: number }): Promise<void>;
  /** Sends a signal, and marks it on the charts. To end by it counts as ending as intended. */
  signal(signal: Signal): void;
  /** Asks the program to end (SIGTERM), kills it after a grace; resolves with its exit code. */
  stop(options?: { withinMs?: number }): Promise<number | null>;
  /** Resolves when the program has ended by itself. */
  ended(options?: { withinMs?: number }): Promise<number | null>;
}

/** Which connections of a wire: those with such a line among their first, in either direction. Without it, all. */
export interface Picked {
  firstLine?: RegExp;
}

export interface Delay {
  ms: number;
  /** A random part of it is added, to each piece another; the order of the bytes stays. */
  jitterMs?: number;
}

/**
 * A TCP proxy between programs, which does to connections what networks do. A fault holds for the connections there
 * are and for those that come, until all is healed. Each of these resolves when it is in force.
 */
export interface Wire {
  readonly id: string;
  /** Where it listens, on 127.0.0.1 unless it was told otherwise. */
  readonly port: number;
  /** Half-open: nothing passes, in either direction, and neither end is told. */
  silence(which?: Picked): Promise<void>;
  delay(delay: Delay & Picked): Promise<void>;
  /** In each direction of each connection. */
  bandwidth(bytesPerSecond: number, which?: Picked): Promise<void>;
  /** Bytes leave in segments of so many. */
  segments(bytes: number, which?: Picked): Promise<void>;
  /** What comes within that time leaves together. */
  glue(withinMs: number, which?: Picked): Promise<void>;
  /** Ends all of the above. What was held back goes on its way. */
  heal(): Promise<void>;
  /** Resets (RST) the connections there are, at both ends. */
  cut(which?: Picked): Promise<void>;
  /** Ends (FIN) the connections there are, at both ends. */
  close(which?: Picked): Promise<void>;
}

export interface WireSpec {
  id: string;
  to: { host?: string; port: number };
  /** Default: a free port of 127.0.0.1. */
  listen?: { host?: string; port?: number };
  /** What happens by chance is drawn from it. Default: 1. */
  seed?: number;
}

/** A network with one program in it and one link, to this machine. Each end can reach the other while it is up. */
export interface IsolatedNetwork {
  /** Of what runs inside, as seen from here. */
  readonly address: string;
  /** Of this machine, as seen from inside. */
  readonly hostAddress: string;
  /** The command that runs this one inside; its process id is that of the program. */
  command(words: string[]): string[];
  /** Takes the link away: no end, no reset, nobody is told. */
  down(): Promise<void>;
  up(): Promise<void>;
}

/** Something that the scenario made fail; charts shade the time. */
export interface OpenOutage {
  readonly startMs: number;
  /** It works again. What is not ended by the end of the run ends with it. */
  end(): void;
}

export interface ScenarioContext {
  /** How long the run should take in all, as asked on the command line or by the scenario. */
  readonly durationMs: number;
  /** An empty folder of this run, removed afterwards. */
  readonly directory: string;
  /** The scenario's sizes, as asked on the command line or by default. */
  readonly settings: Readonly<Record<string, number>>;
  start(spec: ProgramSpec): Promise<Program>;
  /** A fault proxy, which lasts as long as the run. */
  proxy(spec: WireSpec): Promise<Wire>;
  /** Null where this user may not make one: a wire can stand in. It lasts as long as the run. */
  isolatedNetwork(): Promise<IsolatedNetwork | null>;
  /** One more folder that goes with the run: unlike `directory` it may be given to another user, whose program it is for. */
  temporaryFolder(): Promise<string>;
  /** A port free now, such that the next `consecutive - 1` ports are free as well. */
  freePort(consecutive?: number): Promise<number>;
  /** Ends the phase before and begins this one. */
  phase(name: string): void;
  /** From now on something is away. `label` is written into its band, a few words at most. */
  outage(label: string): OpenOutage;
  /**
   * One more rule for connections, for ports that are known only now. Such rules are tried before those of the scenario,
   * in the order in which they were added, and also name the connections there were already. Reports show their flows
   * after those of the scenario; several rules may name one flow.
   */
  flow(flow: Flow): void;
  /** Keeps what the scenario itself measured, for checks and reports. */
  figure(figure: Figure): void;
  /** Keeps a picture to be drawn of such figures. */
  plot(plot: Plot): void;
  /** A person's pause. */
  pause(ms: number): Promise<void>;
  /** Waits until the run has lasted this long. */
  until(timeMs: number): Promise<void>;
}

export type Check = (result: RunResult) => Verdict;

export interface Scenario {
  name: string;
  title: string;
  /** One line for the list of scenarios. */
  description: string;
  durationSeconds: number;
  /** Its sizes by name, for `--set name=value`. */
  settings?: Record<string, number>;
  /** What `--full` asks for. Without it there is but one size. */
  fullSize?: { durationSeconds: number; settings: Record<string, number> };
  flows: Flow[];
  /** Without it payload is not looked at. */
  messages?: MessageFormat;
  run(context: ScenarioContext): Promise<void>;
  checks: Check[];
}

export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}
