// Connections that this side opens: plain ones, and TLS ones whose certificate the caller judges before a byte of
// ours is sent.
import { connect, type Socket } from "node:net";
import {
  type ConnectionOptions,
  createSecureContext,
  type PeerCertificate,
  type SecureContext,
  connect as tlsConnect,
} from "node:tls";
import { LineConnection, type LineHandlers } from "./line-connection.ts";

export type Connection = Pick<LineConnection, "isOpen" | "send" | "end" | "destroy" | "remoteAddress">;

export interface DialHandlers extends LineHandlers {
  /** Connected; for TLS, with a certificate that was accepted. */
  onOpen(): void;
}

export interface DialOptions {
  host: string;
  port: number;
  maxLineBytes: number;
  /** How long connecting may take. */
  timeoutMs: number;
  /** After this time without a byte TCP itself probes the other end; without a value, never. */
  keepAliveMs?: number;
}

export interface ServerCertificate {
  /** SHA-256 over the DER form, in upper-case hex with colons. */
  fingerprint: string;
  validUntilMs: number;
}

export interface DialTlsOptions extends DialOptions {
  /** Whether to continue with a server that shows this certificate. */
  accept(certificate: ServerCertificate): boolean;
}

export function dial(options: DialOptions, handlers: DialHandlers): Connection {
  const { host, port, keepAliveMs } = options;
  const socket = connect({
    host,
    port,
    allowHalfOpen: true,
    keepAlive: keepAliveMs !== undefined,
    keepAliveInitialDelay: keepAliveMs,
  });
  return opened(socket, "connect", options, handlers, () => null);
}

/** One for all connections: making it costs more than the rest of dialling. */
let secureContext: SecureContext | null = null;

export function dialTls(options: DialTlsOptions, handlers: DialHandlers): Connection {
  const { host, port } = options;
  secureContext ??= createSecureContext({ minVersion: "TLSv1.2" });
  // The certificate is pinned (docs/PROTOCOL.md §2), so no authority is asked; `accept` alone decides.
  const tlsOptions: ConnectionOptions & { allowHalfOpen: boolean } = {
    host,
    port,
    allowHalfOpen: true,
    rejectUnauthorized: false,
    secureContext,
  };
  const socket = tlsConnect(tlsOptions);
  return opened(socket, "secureConnect", options, handlers, () => {
    const certificate = socket.getPeerCertificate();
    return options.accept(described(certificate)) ? null : new Error("the certificate was refused");
  });
}

function opened(
  socket: Socket,
  event: "connect" | "secureConnect",
  options: DialOptions,
  handlers: DialHandlers,
  refusal: () => Error | null,
): Connection {
  const connection = new LineConnection(socket, { maxLineBytes: options.maxLineBytes }, handlers);
  const timer = setTimeout(() => {
    connection.destroy(new Error(`no connection within ${options.timeoutMs} ms`));
  }, options.timeoutMs);
  socket.once("close", () => clearTimeout(timer));
  socket.once(event, () => {
    clearTimeout(timer);
    const refused = refusal();
    if (refused) connection.destroy(refused);
    else handlers.onOpen();
  });
  return connection;
}

function described(certificate: PeerCertificate): ServerCertificate {
  return { fingerprint: certificate.fingerprint256, validUntilMs: Date.parse(certificate.valid_to) };
}
