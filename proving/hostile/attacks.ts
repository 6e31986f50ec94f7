// Attacks by unauthenticated clients, one function each. `size` is 1 for the full attack, less for a shorter one.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import type { Attacker } from "./attacker.ts";

export type Attack = (attacker: Attacker, size: number) => Promise<void>;

/** A TLS record that announces a handshake of 512 bytes and carries five of them. */
const HALF_HANDSHAKE = Buffer.from("160301020001000001fc", "hex");
const HOLD_MS = 700;

const many = (size: number, full: number) => Math.max(1, Math.round(size * full));

/** Sends the bytes on many connections and keeps these open. */
function sentAndHeld(bytes: Uint8Array, full: number): Attack {
  return async (attacker, size) => {
    for (const socket of await attacker.many(many(size, full))) socket.write(bytes);
    await delay(HOLD_MS * size);
  };
}

/** Resolves at the event, or when the connection ends. */
function next(socket: Socket, event: "drain" | "data"): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off(event, done).off("close", done);
      resolve();
    };
    socket.on(event, done).on("close", done);
  });
}

/** Resolves when everything is written, or the server has closed the connection. */
async function written(socket: Socket, bytes: Uint8Array, times: number): Promise<void> {
  for (let count = 0; count < times && !socket.destroyed; count++)
    if (!socket.write(bytes)) await next(socket, "drain");
}

async function answered(socket: Socket, lines: number): Promise<void> {
  let seen = 0;
  socket.on("data", (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 0x0a) seen++;
  });
  while (seen < lines && !socket.destroyed) await next(socket, "data");
}

export const attacks: Record<string, Attack> = {
  "no newline": sentAndHeld(Buffer.alloc(4_000, "x"), 300),
  "half a message": sentAndHeld(Buffer.from("lis"), 300),
  "NUL and invalid UTF-8": sentAndHeld(Buffer.from("li\0st\n\xff\xfe\xc3\n", "latin1"), 1_000),
  "nothing said": sentAndHeld(Buffer.alloc(0), 1_000),

  async "100 MB line"(attacker, size) {
    await written(await attacker.open(), Buffer.alloc(1_000_000, "x"), many(size, 100));
  },

  async "one byte at a time"(attacker, size) {
    const sockets = await attacker.many(many(size, 100));
    for (const byte of "list;;;;;;")
      for (const socket of sockets) {
        socket.write(byte);
        if (socket === sockets.at(-1)) await delay(100 * size);
      }
  },

  async "a million messages"(attacker, size) {
    const count = many(size, 1_000_000);
    const socket = await attacker.open();
    const all = answered(socket, count);
    socket.write("list;99\n".repeat(count));
    await all;
  },

  async "a million empty lines"(attacker, size) {
    await written(await attacker.open(), Buffer.alloc(1_000_000, "\n"), many(size, 10));
  },

  async "half a handshake"(attacker, size) {
    const sockets = await attacker.many(many(size, 1_000), () => attacker.openTlsPort());
    for (const socket of sockets) socket.write(HALF_HANDSHAKE);
    await delay(HOLD_MS * size);
  },

  async "answers unread"(attacker, size) {
    const sockets = await attacker.many(many(size, 50), () => attacker.openUnread());
    for (const socket of sockets) socket.write("leaders\n".repeat(many(size, 20_000)));
    await delay(HOLD_MS * size);
  },

  async "come and go"(attacker, size) {
    for (let count = many(size, 10_000); count > 0; count -= 50) {
      // A reset frees the local port at once; otherwise this machine would run out of ports.
      for (const socket of await attacker.many(50)) socket.resetAndDestroy();
      await turn();
    }
  },

  async "5,000 from one address"(attacker, size) {
    await attacker.many(many(size, 5_000));
    await delay(HOLD_MS * size);
  },

  async "ids guessed"(attacker, size) {
    const socket = await attacker.open();
    const count = many(size, 20_000);
    const all = answered(socket, count);
    for (let guess = 0; guess < count; guess++)
      socket.write(`heartbeat;${randomBytes(16).toString("base64url")}\n`);
    await all;
  },

  async "passwords guessed"(attacker, size) {
    const control = await attacker.openUnread();
    const [greeting] = (await once(control, "data")) as [Buffer];
    const id = greeting.toString().trim().split(";")[2];
    const tls = await attacker.openTls();
    const count = many(size, 1_000);
    const all = answered(tls, count + 1);
    tls.write(`bind;${id}\n`);
    for (let guess = 0; guess < count; guess++) tls.write(`login;Honest-1;guess ${guess}\n`);
    await all;
  },

  async "nonsense over TLS"(attacker, size) {
    const sockets = await attacker.many(many(size, 100), () => attacker.openTls());
    for (const socket of sockets) socket.resume().write("nonsense\n".repeat(many(size, 20_000)));
    await delay(HOLD_MS * size);
  },
};
