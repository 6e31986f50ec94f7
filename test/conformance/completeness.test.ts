// Every error code and every message of the protocol appears in the tests of this folder.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { errorTexts } from "../../src/protocol/errors.ts";
import * as messages from "../../src/protocol/messages.ts";

const folder = new URL("./", import.meta.url);
const suite = readdirSync(folder)
  .filter((file) => file.endsWith(".test.ts") && file !== "completeness.test.ts")
  .map((file) => readFileSync(new URL(file, folder), "utf8"))
  .join("\n");

/** Codes between the players: the tests of the transcript and of the client cover them. */
const betweenPlayers = ["BAD_SIGNATURE", "MATCH_OVER", "NOT_YOUR_TURN", "SQUARE_TAKEN"];

/** The tests of `velha admin` cover it. */
const byOperator = "BANNED";

const codes = Object.keys(errorTexts).filter((code) => !betweenPlayers.includes(code) && code !== byOperator);

test.each(codes)("%s appears", (code) => {
  expect(suite.includes(`ERR;${code};`) || suite.includes(`ERR;${code}…`)).toBe(true);
});

const withServer = [
  messages.controlFromClient,
  messages.controlFromServer,
  messages.tlsFromClient,
  messages.tlsFromServer,
  messages.heartbeatFromClient,
  messages.heartbeatFromServer,
];
const helpers = readFileSync(new URL("../wire/whole-client.ts", import.meta.url), "utf8");

test.each([...new Set(withServer.flatMap((table) => Object.keys(table)))])(
  "%s is sent or received",
  (name) => {
    expect(new RegExp(`["\`]${name}\\b`).test(suite + helpers)).toBe(true);
  },
);
