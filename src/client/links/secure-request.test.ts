import { expect, it } from "vitest";
import { ed25519, ed25519Signer, newPrivateKey } from "../../game/signature.ts";
import type { DialHandlers } from "../../net/dial.ts";
import { ManualClock } from "../../shared/clock/manual-clock.fixture.ts";
import { SecureExchange, type SecureOutcome } from "./secure-request.ts";

const ticketKey = ed25519Signer(newPrivateKey()).publicKey;
const TOKEN = "A".repeat(43);

/** What comes of a `resume` that the server answers with these lines. */
function outcomeOf(lines: readonly string[]): SecureOutcome | null {
  let handlers: DialHandlers | null = null;
  let outcome: SecureOutcome | null = null;
  const connection = { isOpen: true, remoteAddress: "", send() {}, end() {}, destroy() {} };
  new SecureExchange(
    {
      ...ed25519,
      clock: new ManualClock(),
      random: { bytes: (count) => Buffer.alloc(count), fraction: () => 0 },
      trust: { judge: () => ({ kind: "known" }) },
      network: {
        dial: () => connection,
        dialTls(_options, given) {
          handlers = given;
          return connection;
        },
        listenForPeer: () => Promise.reject(new Error("not used")),
      },
    },
    { host: "a", server: "a:3000", tlsPort: 3001, connectionId: "AA" },
    { name: "resume", token: TOKEN },
    () => {},
    (result) => {
      outcome = result;
    },
  );
  for (const line of lines) void (handlers as DialHandlers | null)?.onLine(line);
  return outcome;
}

it("hands over the answer to its request, with the ticket key", () => {
  expect(outcomeOf([`bindACK;${ticketKey}`, `resumeACK;alan;${TOKEN}`])).toEqual({
    ok: true,
    answer: { name: "resumeACK", user: "alan", token: TOKEN },
    ticketKey,
  });
});

it("hands over an error as an answer", () => {
  expect(outcomeOf([`bindACK;${ticketKey}`, "resumeERR;BAD_TOKEN;no"])).toMatchObject({
    ok: true,
    answer: { name: "error", request: "resume", code: "BAD_TOKEN" },
  });
});

it("fails when the server answers a request that was not sent", () => {
  expect(outcomeOf([`bindACK;${ticketKey}`, `loginACK;alan;${TOKEN}`])).toEqual({
    ok: false,
    notice: { kind: "secure-failed", reason: "its answer does not fit the request" },
  });
});
