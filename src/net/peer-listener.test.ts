import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { dial } from "./dial.ts";
import { listenForPeer, PEER_KEEP_ALIVE_MS } from "./peer-listener.ts";

const quiet = { onLine() {}, onMalformed() {}, onClose() {} };

test.runIf(process.platform === "linux")(
  "both ends of a quiet link between players use TCP keep-alive",
  async () => {
    let accepted = () => {};
    const isAccepted = new Promise<void>((resolve) => {
      accepted = resolve;
    });
    const listener = await listenForPeer({
      ...{ gamePort: 0, pingPort: 0, maxLineBytes: 100 },
      onConnection: () => {
        accepted();
        return quiet;
      },
    });
    const connection = await new Promise<ReturnType<typeof dial>>((resolve) => {
      const dialed = dial(
        {
          ...{ host: "127.0.0.1", port: listener.gamePort, maxLineBytes: 100 },
          ...{ timeoutMs: 5_000, keepAliveMs: PEER_KEEP_ALIVE_MS },
        },
        { ...quiet, onOpen: () => resolve(dialed) },
      );
    });
    await isAccepted;

    const port = `:${listener.gamePort}`;
    const ends = ["state", "established", "(", "sport", "=", port, "or", "dport", "=", port, ")"];
    const { stdout } = await promisify(execFile)("ss", ["-Htno", ...ends]);
    expect(stdout.match(/timer:\(keepalive,1\dsec/g)).toHaveLength(2);
    connection.destroy();
    listener.close();
  },
);
