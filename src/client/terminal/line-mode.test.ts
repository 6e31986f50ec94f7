import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ServerProcess } from "../../../test/servers/server-process.ts";
import { loadOrMakeCertificate } from "../../server/certificate/certificate.ts";
import { TypedClient } from "./typed-client.fixture.ts";

let server: ServerProcess;
let clients: TypedClient[] = [];

beforeAll(async () => {
  server = await ServerProcess.start();
});

afterAll(() => server.dispose());

afterEach(() => {
  for (const client of clients) client.kill();
  clients = [];
});

function start(args: string[] = [], port = server.port): TypedClient {
  const client = TypedClient.behindPipes(["127.0.0.1", String(port), ...args]);
  clients.push(client);
  return client;
}

describe("behind pipes", () => {
  it("each line is handled after the answer to the one before", async () => {
    const client = start();
    client.types("adduser iris secret-of-iris\nlogin iris secret-of-iris\nlist\nleaders\nlogout\nlogout\n");
    client.endsInput();
    expect(await client.ends()).toBe(0);
    const fingerprint = /SHA-256 [0-9A-F:]{95}/.exec(client.raw)?.[0];
    expect(client.raw.split("\n")).toEqual([
      `Connected to 127.0.0.1:${server.port}`,
      `First time at 127.0.0.1:${server.port}: its certificate is remembered (${fingerprint})`,
      "User 'iris' created",
      "Logged in as iris",
      "-----",
      "Connected users:",
      "-----",
      "       iris   free (you)",
      "-----",
      "-----",
      "      LEADERBOARD",
      "-----",
      "       iris   | 0   |",
      "-----",
      "Logged out",
      "logout: log in first (login <user>)",
      "Goodbye",
      "",
    ]);
  });

  it("a password that is left out is the next line", async () => {
    const client = start();
    client.types("adduser joao\nsecret-of-joao\nanother\nadduser joao\nsecret-of-joao\nsecret-of-joao\n");
    client.types("login joao\nsecret-of-joao\n");
    await client.sees(
      "New password for joao:\nRepeat the password:\nThe passwords differ; nothing was changed\n",
    );
    await client.sees("New password for joao:\nRepeat the password:\n");
    await client.sees("User 'joao' created\nPassword of joao:\nLogged in as joao\n");
  });

  it("two clients draw a match", async () => {
    const [lia, mara] = [start(), start()];
    for (const [client, user] of [
      [lia, "lia"],
      [mara, "mara"],
    ] as const) {
      client.types(`adduser ${user} secret-of-${user}\nlogin ${user} secret-of-${user}\n`);
      await client.sees(`Logged in as ${user}\n`);
    }
    lia.enters("begin mara");
    await mara.sees("lia invites you to a match! Accept? [Y/n]\n");
    mara.enters("yes");
    for (const [index, square] of "2 2,1 1,1 3,3 1,2 1,2 3,1 2,3 2,3 3".split(",").entries()) {
      const mover = index % 2 === 0 ? lia : mara;
      await mover.sees("Your move: send <row> <column>\n");
      mover.enters(`send ${square}`);
    }
    for (const client of [lia, mara]) {
      await client.sees("  3   O | O |[X]\nDraw! +1 point\nRematch? [Y/n]\n");
      client.enters("n");
      client.enters("leaders");
      await client.sees("        lia   | 1   |\n       mara   | 1   |\n");
    }
    expect(lia.raw).not.toContain("\x1b");
  });

  it.each(["SIGINT", "SIGTERM"] as const)("%s says goodbye and ends with exit code 0", async (signal) => {
    const client = start();
    await client.sees("Connected to");
    client.signals(signal);
    await client.sees("Goodbye\n");
    expect(await client.ends()).toBe(0);
  });
});

describe("the command line", () => {
  it.each([
    ["an unknown option", ["--nonsense"]],
    ["a port that is none", ["localhost", "70000"]],
    ["one port for two", ["--p2p-ports", "4000"]],
    ["an unknown language", ["--lang", "fr"]],
    ["too many arguments", ["localhost", "3000", "more"]],
  ])("with %s ends with exit code 2", async (_title, args) => {
    const client = TypedClient.behindPipes(args);
    clients.push(client);
    expect(await client.ends()).toBe(2);
    expect(client.raw).toMatch(/^error: /);
  });

  it("without a server ends with one line that says what to do and exit code 1", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => closed.once("listening", resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    const client = start([], port);
    expect(await client.ends()).toBe(1);
    expect(client.raw).toBe(
      `Cannot connect to 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}. ` +
        "Is the server running, and are host and port right?\n",
    );
  });

  it("with a certificate file that cannot be read ends with exit code 1", async () => {
    const client = start(["--cert", "/nowhere/cert.pem"]);
    expect(await client.ends()).toBe(1);
    expect(client.raw).toMatch(/^\/nowhere\/cert\.pem holds no certificate that can be read: /);
  });

  it("with the certificate of another server refuses loudly and sends no password", async () => {
    const other = await mkdtemp(join(tmpdir(), "velha-other-"));
    try {
      await loadOrMakeCertificate(other);
      const client = start(["--cert", join(other, "cert.pem")]);
      client.types("login alan secret-of-alan\n");
      await client.sees(/DANGER: .* shows a different certificate than before\. Nothing was sent\./);
    } finally {
      await rm(other, { recursive: true });
    }
  });
});
