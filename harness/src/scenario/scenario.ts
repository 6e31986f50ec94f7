// What a scenario is: data (flows, checks, texts) plus one function that plays it. This is the reference of what can be
// written in one. Times are milliseconds and sizes bytes, unless a name says otherwise; `*Ms` of a moment counts from the
// start of the run. A step that does not happen in time rejects with a StepFailure, which fails the run and leaves its
// report; a scenario need not catch it.
import type { Figure, Plot, RunResult, Verdict } from "../result/result.ts";

/**
 * How a connection is recognised. The first rule whose conditions all hold names the connection's flow; what no rule
 * fits belongs to the flow `other`.
 *
 *     flows: [{ name: "redis", label: "Redis", port: 7000 }]
 */
export interface Flow {
  /** For checks and result.json. */
  name: string;
  /** For charts and tables. */
  label: string;
  /** The connection speaks TLS from its first byte. */
  isTls?: boolean;
  /** The port that the connection was dialled to. */
  port?: number;
  /** Matches one of the first lines of the connection, in either direction. */
  firstLine?: RegExp;
}

/**
 * How the payload of connections, under TLS the plaintext, becomes messages: then bytes are counted by their type.
 *
 *     messages: { separator: "\n", type: /^(\w+)/, routine: /^ping$/ }
 */
export interface MessageFormat {
  /** One ASCII character that ends each message. */
  separator: string;
  /** Its first group, found in a message's first 256 bytes, names the type. */
  type: RegExp;
  /**
   * Hide what nobody may see of messages that are kept (`--messages`): each is applied in turn to a message's first 256
   * bytes, in the process that sends or receives it.
   */
  masks?: Mask[];
  /** Types that repeat and carry no news, such as ping and pong: a diagram folds them. */
  routine?: RegExp;
}

/** What matches is replaced; `becomes` may use $1, $2, … of the match. */
export interface Mask {
  match: RegExp;
  becomes: string;
}

/**
 * A line of output that marks a moment of the run: it appears on charts, and checks can count it. `label` may use $1,
 * $2, … of the match. The first pattern that matches a line decides.
 *
 *     events: [{ match: /^Logged in as (\w+)/, name: "login", label: "$1" }]
 */
export interface EventPattern {
  match: RegExp;
  name: string;
  label: string;
}

/**
 * A line of output with a value: the first group is the number. Series of one name share a chart.
 *
 *     series: [{ match: /^Delay: ([\d.]+) ms/, name: "delay", label: "Delay", unit: "ms" }]
 */
export interface SeriesPattern {
  match: RegExp;
  name: string;
  label: string;
  unit: string;
}

/** How a program is started. */
export interface ProgramSpec {
  /** Names its chart and its column. Unique among those that run: one that has ended can be started again. */
  id: string;
  /** For charts and tables. Default: the id. */
  label?: string;
  /** Program and arguments, without a shell. A first word of "node" is this Node binary. */
  command: string[];
  /** The folder in which it runs, relative to the one in which the tool was started. Default: that one. */
  cwd?: string;
  /**
   * Runs it in a pseudo-terminal of 80 columns and 24 rows instead of pipes: for programs that ask for one, and for those
   * that hold back what they print to a pipe. Colours and other escape sequences are no part of its lines; each return to
   * the start of a line begins another. A terminal echoes what is typed. Default: false.
   */
  terminal?: boolean;
  /** Added to the environment that the tool itself has. */
  environment?: Record<string, string>;
  events?: EventPattern[];
  series?: SeriesPattern[];
  /** A file to which it appends lines, relative to `cwd`: they count as printed. */
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

/** A program that was started. Its input is what a person would type, its output what a person would see. */
export interface Program {
  readonly id: string;
  readonly pid: number;
  /** Types one line and Enter. Throws a StepFailure if the program has ended, or its input was. */
  type(line: string): void;
  /** Ends the program's standard input, as Ctrl-D does. */
  endInput(): void;
  /**
   * Waits for a printed line that matches, after the last one that was waited for; resolves with the match. What a line
   * without an end holds counts as printed after 50 ms without more, so that a question is seen; the match consumes as
   * much of it as it matched. Standard error counts as output. Of lines that nobody waits for, at least the last 100,000
   * can still be seen. Default: 10,000 ms. Rejects with what was expected, what was printed last, and what may be the
   * reason.
   *
   *     const [, port] = await server.sees(/^Listening on port (\d+)/, { withinMs: 2_000 });
   */
  sees(pattern: RegExp, options?: { withinMs?: number }): Promise<RegExpMatchArray>;
  /** Resolves once the program, or one that it started, accepts TCP connections at that port. Default: 10,000 ms. */
  listens(port: number, options?: { withinMs?: number }): Promise<void>;
  /**
   * Sends a signal, and marks it on the charts. To end by it counts as ending as intended. Throws a StepFailure if the
   * program has ended.
   */
  signal(signal: Signal): void;
  /**
   * Asks the program to end (SIGTERM), and kills it and what it started after a grace, by default 5,000 ms. Resolves with
   * its exit code, null if a signal ended it. At the end of the run what still runs is stopped, with a grace of 2,000 ms.
   */
  stop(options?: { withinMs?: number }): Promise<number | null>;
  /** Resolves with the exit code when the program has ended by itself, null if a signal ended it. Default: 10,000 ms. */
  ended(options?: { withinMs?: number }): Promise<number | null>;
}

/** Which connections of a wire: those with such a line among their first, in either direction. Default: all. */
export interface Picked {
  firstLine?: RegExp;
}

export interface Delay {
  ms: number;
  /** A random part of this is added to each piece; the order of the bytes stays. Default: 0. */
  jitterMs?: number;
}

/**
 * A TCP proxy between programs, which does to connections what networks do. A fault holds for the connections there are
 * and for those to come, until `heal`. Each method resolves when the fault is in force.
 */
export interface Wire {
  readonly id: string;
  /** Where it listens, on 127.0.0.1 unless it was told otherwise. */
  readonly port: number;
  /** Nothing passes, in either direction, and neither end is told: a half-open connection. */
  silence(which?: Picked): Promise<void>;
  /** Each byte arrives that much later, in both directions. */
  delay(delay: Delay & Picked): Promise<void>;
  /** In each direction of each connection. */
  bandwidth(bytesPerSecond: number, which?: Picked): Promise<void>;
  /** Data leaves in segments of at most that many bytes. */
  segments(bytes: number, which?: Picked): Promise<void>;
  /** Data that comes within that time leaves together. */
  glue(withinMs: number, which?: Picked): Promise<void>;
  /** Ends all of the above. What was held back is sent. */
  heal(): Promise<void>;
  /** Resets (RST) the connections there are, at both ends. */
  cut(which?: Picked): Promise<void>;
  /** Ends (FIN) the connections there are, at both ends. */
  close(which?: Picked): Promise<void>;
}

export interface WireSpec {
  id: string;
  /** Where connections go on to. The default host is 127.0.0.1. */
  to: { host?: string; port: number };
  /** Default: a free port of 127.0.0.1. */
  listen?: { host?: string; port?: number };
  /** Of the random numbers. Default: 1. */
  seed?: number;
}

/** A network with one program in it and one link, to this machine. Each end can reach the other while it is up. */
export interface IsolatedNetwork {
  /** Of what runs inside, as seen from here. */
  readonly address: string;
  /** Of this machine, as seen from inside. */
  readonly hostAddress: string;
  /** The command that runs the given one inside; the process id is that of the program. */
  command(words: string[]): string[];
  /** Takes the link down: connections neither end nor are reset, and nobody is told. */
  down(): Promise<void>;
  up(): Promise<void>;
}

/** Something that the scenario made fail: charts shade the time until `end`. */
export interface OpenOutage {
  readonly startMs: number;
  /** It works again. What is not ended ends with the run. */
  end(): void;
}

/** What a scenario's `run` is given: the means to start programs, and to mark and keep what happens. */
export interface ScenarioContext {
  /** How long the run should take in all, as asked on the command line or by the scenario. */
  readonly durationMs: number;
  /** An empty folder of this run, removed afterwards. */
  readonly directory: string;
  /** The scenario's sizes, as asked on the command line or by default. */
  readonly settings: Readonly<Record<string, number>>;
  /**
   * Starts a program and measures it until it ends. Rejects if it cannot be started, or if its id is in use.
   *
   *     const server = await context.start({ id: "server", command: ["redis-server", "--port", `${port}`] });
   */
  start(spec: ProgramSpec): Promise<Program>;
  /**
   * Opens a fault proxy, which lasts as long as the run.
   *
   *     const wire = await context.proxy({ id: "link", to: { port } });
   *     await wire.delay({ ms: 50 });
   */
  proxy(spec: WireSpec): Promise<Wire>;
  /** Null where this user may not make one: a wire can stand in. It lasts as long as the run. */
  isolatedNetwork(): Promise<IsolatedNetwork | null>;
  /** One more folder, removed after the run; unlike `directory` it may be given to another user, whose program it is for. */
  temporaryFolder(): Promise<string>;
  /**
   * A TCP port that is free now, below those from which the system picks ports for outgoing connections. With
   * `consecutive` the ports that follow it, as many in all, are free as well. Default: 1.
   */
  freePort(consecutive?: number): Promise<number>;
  /**
   * Adds a rule for connections, for ports that are known only now. Such rules are tried before those of the scenario,
   * in the order in which they were added, and also apply to connections that exist already. Reports show their flows
   * after those of the scenario; several rules may name one flow.
   *
   *     context.flow({ name: "cache", label: "Cache", port: await context.freePort() });
   */
  flow(flow: Flow): void;
  /** Ends the current phase and begins this one. Charts show phases as bands, and checks can judge one by its name. */
  phase(name: string): void;
  /** Marks that something is away from now on. `label` is written into its band: a few words at most. */
  outage(label: string): OpenOutage;
  /**
   * Keeps what the scenario itself measured, for checks and reports. Throws a StepFailure for a value that is no number.
   *
   *     context.figure({ name: "requests", unit: "/s", values: [1_930, 1_875] });
   */
  figure(figure: Figure): void;
  /** Keeps a plot of such figures, to be drawn as an image of its own. */
  plot(plot: Plot): void;
  /** Waits that long, as a person would. */
  pause(ms: number): Promise<void>;
  /** Waits until the run has lasted that long: `await context.until(context.durationMs)`. */
  until(timeMs: number): Promise<void>;
}

/** Judges a finished run. One that throws has failed. */
export type Check = (result: RunResult) => Verdict;

/** The default export of a scenario's file. */
export interface Scenario {
  /** What is typed to run it; also the folder of its reports. */
  name: string;
  /** The heading of its reports. */
  title: string;
  /** One line for the list of scenarios. */
  description: string;
  /** How long it takes unless `--duration` says otherwise; it may take a minute longer before it counts as hanging. */
  durationSeconds: number;
  /** Its sizes by name, for `--set name=value`. */
  settings?: Record<string, number>;
  /** What `--full` asks for. Default: there is no full size. */
  fullSize?: { durationSeconds: number; settings: Record<string, number> };
  /** Rules that name connections, the first that fits decides. */
  flows: Flow[];
  /** Default: payload is not looked at. */
  messages?: MessageFormat;
  /**
   * False: no byte is counted and nothing is loaded into a program, for a run of so many connections or messages that
   * counting would be measured with it. Default: true.
   */
  countsBytes?: boolean;
  /** Plays it. What it leaves running is stopped afterwards. */
  run(context: ScenarioContext): Promise<void>;
  /** What must hold of the result. */
  checks: Check[];
}

/** Gives a scenario its type; what it returns is what it was given. */
export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}
