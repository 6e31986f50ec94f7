// What the runtime alone can do: a server that holds idle connections, and accepts TLS connections on another port.
// Arguments: port, TLS port, certificate, key.
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";

const HOST = "127.0.0.1";
const BACKLOG = 4_096;
const [port, tlsPort, cert = "", key = ""] = process.argv.slice(2);
const ignore = () => {};

const plain = createServer({ noDelay: true }, (socket) => socket.on("error", ignore).resume());
const secure = createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) }, (socket) =>
  socket.on("error", ignore).resume(),
);
secure.listen(Number(tlsPort), HOST, BACKLOG, () =>
  plain.listen(Number(port), HOST, BACKLOG, () => console.log("listening")),
);
process.on("SIGTERM", () => process.exit(0));
