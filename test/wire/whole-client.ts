// A client with all its connections; the test still writes and reads every line.
import { ed25519Signer, newPrivateKey, type Signer } from "../../src/game/signature.ts";
import { RawConnection } from "./raw-connection.ts";

export interface Ports {
  port: number;
  tlsPort: number;
}

export interface WholeClient {
  readonly user: string;
  readonly control: RawConnection;
  readonly tls: RawConnection;
  /** Answers pings by itself. */
  readonly heartbeat: RawConnection;
  readonly connectionId: string;
  readonly ticketKey: string;
  readonly signer: Signer;
  readonly token: string;
  close(): void;
}

export const PASSWORD = "correct horse";

/** A control connection and its id. */
export async function openControl({
  port,
}: Ports): Promise<{ control: RawConnection; connectionId: string }> {
  const control = await RawConnection.open(port);
  const { id } = await control.sees("secport;<tls>;<id>");
  return { control, connectionId: id as string };
}

export async function openTls(
  { tlsPort }: Ports,
  connectionId: string,
): Promise<{ tls: RawConnection; ticketKey: string }> {
  const tls = await RawConnection.openTls(tlsPort);
  const { key } = await tls.asks(`bind;${connectionId}`, "bindACK;<key>");
  return { tls, ticketKey: key as string };
}

export async function openHeartbeat({ port }: Ports, connectionId: string): Promise<RawConnection> {
  const heartbeat = (await RawConnection.open(port)).answersPings();
  await heartbeat.sees("secport;…");
  await heartbeat.asks(`heartbeat;${connectionId}`, "heartbeatACK;…");
  return heartbeat;
}

/** A client with all its connections, not logged in. */
export async function connect(ports: Ports): Promise<Omit<WholeClient, "user" | "token">> {
  const { control, connectionId } = await openControl(ports);
  const { tls, ticketKey } = await openTls(ports, connectionId);
  const heartbeat = await openHeartbeat(ports, connectionId);
  const signer = ed25519Signer(newPrivateKey());
  const close = () => {
    for (const connection of [control, tls, heartbeat]) connection.close();
  };
  return { control, tls, heartbeat, connectionId, ticketKey, signer, close };
}

/** Registers `user` and logs in, with a key for matches. */
export async function join(ports: Ports, user: string): Promise<WholeClient> {
  const client = await connect(ports);
  await client.tls.asks(`adduser;${user};${PASSWORD}`, `adduserACK;${user}`);
  return logIn(client, user);
}

/** Logs in a registered user on a new client. */
export async function comeBack(ports: Ports, user: string): Promise<WholeClient> {
  return logIn(await connect(ports), user);
}

/** The same, for a client that knows disputes (docs/PROTOCOL.md §9). */
export async function comeBackForDisputes(ports: Ports, user: string): Promise<WholeClient> {
  return logIn(await connect(ports), user, ";2");
}

async function logIn(
  client: Omit<WholeClient, "user" | "token">,
  user: string,
  ending = "",
): Promise<WholeClient> {
  const login = `login;${user};${PASSWORD};${client.signer.publicKey}${ending}`;
  const { token } = await client.tls.asks(login, `loginACK;${user};<token>`);
  return { ...client, user, token: token as string };
}

/** From `begin` until both know of the match; resolves with its ticket. `ending` is `;2` when both know disputes. */
export async function startMatch(inviter: WholeClient, invitee: WholeClient, ending = ""): Promise<string> {
  inviter.control.says(`begin;${invitee.user}`);
  await invitee.control.sees(`invite;${inviter.user}${ending}`);
  invitee.control.says(`inviteACK;${inviter.user}`);
  await inviter.control.sees(`beginACK;${invitee.user}${ending}`);
  invitee.control.says(`answer;${inviter.user};True;40001;${invitee.user};40002`);
  const { ticket } = await invitee.control.sees(`answerACK;${inviter.user};<ticket>`);
  await inviter.control.sees(`answer;${invitee.user};True;127.0.0.1;40001;40002;${ticket}`);
  inviter.control.says(`answerACK;${invitee.user}`);
  return ticket as string;
}
