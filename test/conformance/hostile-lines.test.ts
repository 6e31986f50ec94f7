// docs/PROTOCOL.md §1: bytes that are no line end their connection and affect no other client.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ServerProcess } from "../servers/server-process.ts";
import { RawConnection } from "../wire/raw-connection.ts";
import { openControl } from "../wire/whole-client.ts";

let server: ServerProcess;
let bystander: RawConnection;
beforeAll(async () => {
  server = await ServerProcess.start();
  bystander = (await openControl(server)).control;
});
afterAll(() => server.dispose());

const hostile: [string, Uint8Array][] = [
  ["NUL", Buffer.from("li\0st\n")],
  ["a tab", Buffer.from("list\t\n")],
  ["DEL", Buffer.from("list\x7f\n")],
  ["an escape sequence", Buffer.from("\x1b[31mlist\n")],
  ["UTF-8", Buffer.from("list;olá\n")],
  ["Latin-1", Buffer.from("list;ol\xe1\n", "latin1")],
  ["a CR inside", Buffer.from("li\rst\n")],
  ["two CRs at its end", Buffer.from("list\r\r\n")],
  ["random bytes", Buffer.from(Array.from({ length: 500 }, (_, index) => (index * 73 + 128) % 256))],
  ["a TLS handshake", Buffer.from("16030100c8010000c40303", "hex")],
  ["an HTTP request", Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n\r\n\x00")],
  ["4,097 bytes with its end", Buffer.from(`${"x".repeat(4_096)}\n`)],
  ["4,097 bytes with CR and LF", Buffer.from(`${"x".repeat(4_095)}\r\n`)],
  ["4,096 bytes and no end", Buffer.from("x".repeat(4_096))],
  ["a million bytes and no end", Buffer.from("x".repeat(1_000_000))],
];

describe.each([
  ["on the main port", async () => (await openControl(server)).control],
  ["over TLS", () => RawConnection.openTls(server.tlsPort)],
])("%s", (_, open) => {
  test.each(hostile)("a line with %s is BAD_LINE, then the connection is closed", async (_title, bytes) => {
    const connection = await open();
    connection.saysBytes(bytes);
    let line = await connection.nextLine();
    while (line.startsWith("ERR;UNKNOWN_COMMAND")) line = await connection.nextLine("BAD_LINE");
    expect(line).toMatch(/^ERR;BAD_LINE;/);
    await connection.seesClose();
  });

  test("a line of 4,096 bytes including its end is read", async () => {
    const connection = await open();
    await connection.asks(`hello;${"x".repeat(4_089)}`, "ERR;UNKNOWN_COMMAND;…");
    await connection.asks(`hello;${"x".repeat(4_088)}\r`, "ERR;UNKNOWN_COMMAND;…");
    connection.close();
  });

  test("requests before the bad line are answered", async () => {
    const connection = await open();
    connection.saysBytes("hello\nhello\nhel\0lo\nhello\n");
    await connection.sees("ERR;UNKNOWN_COMMAND;…");
    await connection.sees("ERR;UNKNOWN_COMMAND;…");
    await connection.sees("ERR;BAD_LINE;…");
    await connection.seesClose();
  });
});

test("a client that resets in the middle of a line affects nobody", async () => {
  for (let count = 0; count < 20; count++) {
    const { control } = await openControl(server);
    control.saysBytes("lis");
    control.socket.resetAndDestroy();
  }
  await bystander.asks("list", "listACK");
});

test("plain text on the TLS port closes that connection, and the port keeps serving", async () => {
  const plain = await RawConnection.open(server.tlsPort);
  plain.says("bind;AAAA");
  await plain.seesClose().catch(() => {});
  plain.close();
  const tls = await RawConnection.openTls(server.tlsPort);
  await tls.asks("hello", "ERR;UNKNOWN_COMMAND;…");
  tls.close();
});

test("20,000 pipelined requests are answered, interleaved with those of other clients", async () => {
  const { control } = await openControl(server);
  control.saysBytes("list\n".repeat(20_000));
  await bystander.asks("list", "listACK");
  for (let count = 0; count < 20_000; count++) await control.sees("listACK");
  control.close();
});

test("the server works as before after all of this", async () => {
  await bystander.asks("list", "listACK");
});
