import { expect, test } from "vitest";
import { toBase64url } from "./base64url.ts";
import { alan, beto, server, ticket } from "./players.fixture.ts";
import { ed25519Verify } from "./signature.ts";
import { openTicket, opponentOf, playerOf, signTicket, symbolOf } from "./ticket.ts";

const signed = signTicket(ticket, server);
const open = (text: string) => openTicket(text, server.publicKey, ed25519Verify);

/** A ticket that the server did sign, over any payload. */
const signPayload = (payload: string) =>
  `${toBase64url(Buffer.from(payload))}.${server.sign(Buffer.from(payload))}`;

test("a ticket is its payload and the server's signature over it, each base64url", () => {
  const [payload = "", signature = ""] = signed.split(".");
  expect(Buffer.from(payload, "base64url").toString()).toBe(
    `v1;AAECAwQFBgcICQoL;Alan;${alan.publicKey};Beto;${beto.publicKey};1700000000`,
  );
  expect(Buffer.from(signature, "base64url")).toHaveLength(64);
  expect(ed25519Verify(server.publicKey, Buffer.from(payload, "base64url"), signature)).toBe(true);
});

test("a signed ticket opens to the same values", () => {
  expect(open(signed)).toEqual(ticket);
});

test("a ticket changed in any one character does not open", () => {
  for (let index = 0; index < signed.length; index++) {
    const changed = signed[index] === "A" ? "B" : "A";
    expect(open(signed.slice(0, index) + changed + signed.slice(index + 1)), `at ${index}`).toBeNull();
  }
});

test("a ticket changed in any one bit of its payload does not open", () => {
  const [payload = "", signature = ""] = signed.split(".");
  const bytes = Buffer.from(payload, "base64url");
  for (let bit = 0; bit < bytes.length * 8; bit += 5) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    expect(open(`${toBase64url(flipped)}.${signature}`), `bit ${bit}`).toBeNull();
  }
});

test("a ticket that was shortened or extended does not open", () => {
  for (let length = 0; length < signed.length; length++) expect(open(signed.slice(0, length))).toBeNull();
  for (const more of ["A", ".", ".AAAA", "=", " "]) expect(open(signed + more)).toBeNull();
});

test("a ticket that another key signed does not open", () => {
  expect(open(signTicket(ticket, alan))).toBeNull();
  expect(openTicket(signed, alan.publicKey, ed25519Verify)).toBeNull();
});

const keys = [alan.publicKey, beto.publicKey] as const;
test.each([
  ["another version", `v2;AAECAwQFBgcICQoL;Alan;${keys[0]};Beto;${keys[1]};1`],
  ["too few fields", `v1;AAECAwQFBgcICQoL;Alan;${keys[0]};Beto;${keys[1]}`],
  ["a match id of 11 bytes", `v1;AAECAwQFBgcICQo;Alan;${keys[0]};Beto;${keys[1]};1`],
  ["an inviter without a name", `v1;AAECAwQFBgcICQoL;;${keys[0]};Beto;${keys[1]};1`],
  ["a key of 3 bytes", `v1;AAECAwQFBgcICQoL;Alan;AAAA;Beto;${keys[1]};1`],
  ["a time that is no number", `v1;AAECAwQFBgcICQoL;Alan;${keys[0]};Beto;${keys[1]};soon`],
])("a signed payload with %s does not open", (_, payload) => {
  expect(open(signPayload(payload))).toBeNull();
});

test("fields after those of version 1 are ignored, so that tickets can be extended", () => {
  const payload = Buffer.from(signed.split(".")[0]!, "base64url").toString();
  expect(open(signPayload(`${payload};more`))).toEqual(ticket);
});

test("the inviter is X, the invitee is O, whatever the case of the name, and nobody else plays", () => {
  expect(symbolOf(ticket, "Alan")).toBe("X");
  expect(symbolOf(ticket, "BETO")).toBe("O");
  expect(symbolOf(ticket, "Carla")).toBeNull();
});

test("each symbol has a player and an opponent with their keys", () => {
  expect(playerOf(ticket, "X")).toEqual({ user: "Alan", publicKey: alan.publicKey });
  expect(opponentOf(ticket, "X")).toEqual({ user: "Beto", publicKey: beto.publicKey });
  expect(playerOf(ticket, "O")).toEqual(opponentOf(ticket, "X"));
});
