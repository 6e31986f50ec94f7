// Sends many lines on every kind of connection and checks the answers: each request is answered, in order, by its own name
// and with a known code. Bytes that are no line end their connection, and no other.
import { isErrorCode } from "../../src/protocol/errors.ts";
import { RawConnection } from "../../test/wire/raw-connection.ts";
import {
  connect,
  join,
  openControl,
  openHeartbeat,
  openTls,
  type Ports,
  type WholeClient,
} from "../../test/wire/whole-client.ts";
import { LineSource, nameOf, requestOf } from "./grammar.ts";

export interface FuzzOptions {
  lines: number;
  seed: number;
  /** Called with the number of lines sent so far. */
  onProgress?(lines: number): void;
}

export interface FuzzReport {
  lines: number;
  answers: number;
  /** Connections that the server closed because of a line, as it must. */
  closes: number;
}

/** One kind of connection; it is opened again after each end. */
interface Target {
  name: string;
  share: number;
  open(): Promise<RawConnection>;
}

const BATCH_LINES = 100;
const UNREADABLE_PROBABILITY = 0.05;
/** Lines that the server sends unasked. */
const UNASKED = /^(invite|answer|cancel|settled|ping|secport);/;

/** Throws at a wrong answer. The server must ping rarely, because the fuzzer does not answer pings. */
export async function fuzz(ports: Ports, { lines, seed, onProgress }: FuzzOptions): Promise<FuzzReport> {
  const source = new LineSource(seed);
  const users = new Map<string, WholeClient>();
  const report: FuzzReport = { lines: 0, answers: 0, closes: 0 };
  const targets = await everyKind(ports, users);
  const open = await Promise.all(targets.map((target) => target.open()));
  while (report.lines < lines) {
    for (const [index, target] of targets.entries()) {
      const connection = open[index] as RawConnection;
      const isOpen = await sendBatch(connection, target, source, report);
      if (isOpen) continue;
      connection.close();
      open[index] = await target.open();
      report.closes++;
    }
    onProgress?.(report.lines);
  }
  for (const connection of open) connection.close();
  for (const user of users.values()) user.close();
  return report;
}

async function everyKind(ports: Ports, users: Map<string, WholeClient>): Promise<Target[]> {
  const loggedIn = async (user: string) => {
    users.get(user)?.close();
    const known = users.get(user);
    const client = known ? await resume(ports, known) : await join(ports, user);
    users.set(user, client);
    return client.control.says("list");
  };
  const unauthenticated = async () => {
    const { control, connectionId } = await openControl(ports);
    control.says("list");
    return { control, connectionId };
  };
  const skipFirst = async (connection: RawConnection) => {
    await connection.nextLine();
    return connection;
  };
  return [
    {
      name: "an unauthenticated control connection",
      share: 1,
      open: async () => skipFirst((await unauthenticated()).control),
    },
    { name: "Fuzz-a's control connection", share: 2, open: async () => skipFirst(await loggedIn("Fuzz-a")) },
    { name: "Fuzz-b's control connection", share: 2, open: async () => skipFirst(await loggedIn("Fuzz-b")) },
    {
      name: "a heartbeat connection",
      share: 1,
      open: async () => openHeartbeat(ports, (await openControl(ports)).connectionId),
    },
    { name: "an unbound TLS connection", share: 1, open: () => RawConnection.openTls(ports.tlsPort) },
    {
      name: "a bound TLS connection",
      share: 1,
      open: async () => (await openTls(ports, (await openControl(ports)).connectionId)).tls,
    },
  ];
}

/** Without a password: this address has used up its password attempts. */
async function resume(ports: Ports, { user, token }: WholeClient): Promise<WholeClient> {
  const client = await connect(ports);
  await client.tls.asks(`resume;${token};${client.signer.publicKey}`, `resumeACK;${user};${token}`);
  return { ...client, user, token };
}

/** Returns whether the connection is still open, as it must be unless a line ended it. */
async function sendBatch(
  connection: RawConnection,
  { name, share }: Target,
  source: LineSource,
  report: FuzzReport,
): Promise<boolean> {
  const said: string[] = [];
  const isControl = name.endsWith("control connection");
  const isEnded = () => isControl && nameOf(said.at(-1) ?? "") === "exit";
  while (said.length < share * BATCH_LINES && !isEnded()) said.push(source.next());
  const isUnreadable = !isEnded() && source.isNow(UNREADABLE_PROBABILITY);
  connection.says(...said);
  if (isUnreadable) connection.saysBytes(Buffer.concat([source.unreadable(), Buffer.from("\n")]));
  report.lines += said.length + (isUnreadable ? 1 : 0);

  const isHeartbeat = name === "a heartbeat connection";
  for (const line of said) {
    const request = requestOf(line, isHeartbeat);
    // The answer depends on another player.
    if (request === null || (request === "begin" && isControl)) continue;
    const answer = await nextAnswer(connection, isControl).catch((cause: unknown) => {
      throw new Error(`${name}: ${line}\ngot no answer`, { cause });
    });
    const [head = "", code = ""] = answer.split(";");
    const isRight = head === `${request}ERR` ? isErrorCode(code) : request !== "" && head === `${request}ACK`;
    if (!isRight) throw new Error(`${name}: ${line}\nwas answered: ${answer}`);
    report.answers++;
  }
  if (!isUnreadable && !isEnded()) return true;
  if (isUnreadable) {
    const last = await nextAnswer(connection, isControl);
    if (!last.startsWith("ERR;BAD_LINE;"))
      throw new Error(`${name}: bytes that are no line were answered: ${last}`);
  }
  return false;
}

async function nextAnswer(connection: RawConnection, isControl: boolean): Promise<string> {
  for (;;) {
    const line = await connection.nextLine("an answer");
    const isBegin = isControl && /^begin(ACK|ERR);/.test(line);
    if (!UNASKED.test(line) && !isBegin) return line;
  }
}
