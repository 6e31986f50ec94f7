// docs/PROTOCOL.md §9
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ed25519Verify } from "../../src/game/signature.ts";
import { openTicket } from "../../src/game/ticket.ts";
import { ServerProcess } from "../servers/server-process.ts";
import { signedActions } from "../wire/match-report.ts";
import {
  comeBack,
  comeBackForDisputes,
  connect,
  join,
  openControl,
  PASSWORD,
  startMatch,
  type WholeClient,
} from "../wire/whole-client.ts";

let server: ServerProcess;
let alan: WholeClient;
let beto: WholeClient;
beforeAll(async () => {
  server = await ServerProcess.start(["--move-limit", "7"]);
  for (const user of ["Alan", "Beto"]) (await join(server, user)).close();
});
afterAll(() => server.dispose());

beforeEach(async () => {
  alan = await comeBackForDisputes(server, "Alan");
  beto = await comeBackForDisputes(server, "Beto");
  return () => {
    for (const client of [alan, beto]) client.close();
  };
});

async function giveUp(ticket: string): Promise<void> {
  const actions = signedActions(ticket, { X: alan.signer, O: beto.signer }, "endX");
  const report = `result;Alan;Beto;LOST;${ticket};${actions.join(";")}`;
  await alan.control.asks(report, "resultACK;<match>;LOST;0");
  await beto.control.sees("settled;<match>;WIN;2");
}

function limitIn(ticket: string): number | undefined {
  return openTicket(ticket, alan.ticketKey, ed25519Verify)?.moveLimitSeconds;
}

/** Beto accepts what Alan's `begin` asks; resolves with the ticket and what comes after it in `answerACK`. */
async function accepted(begin: string, answer = ""): Promise<{ ticket: string; place: string }> {
  alan.control.says(begin);
  await beto.control.sees("invite;Alan;2");
  beto.control.says(`answer;Alan;True;40001;Beto;40002${answer}`);
  await alan.control.sees("beginACK;Beto;2");
  const [name, user, ticket = "", ...place] = (await beto.control.nextLine()).split(";");
  expect([name, user]).toEqual(["answerACK", "Alan"]);
  return { ticket, place: place.join(";") };
}

describe("who knows disputes", () => {
  test("hears whether the other does, and the ticket of the match has the move limit", async () => {
    const ticket = await startMatch(alan, beto, ";2");
    expect(limitIn(ticket)).toBe(7);
    const payload = Buffer.from(ticket.split(".")[0] as string, "base64url").toString();
    expect(payload.split(";")).toHaveLength(8);
    expect(payload).toMatch(/;7$/);
    await giveUp(ticket);
  });

  test.each(["inviter", "invitee"])("hears nothing when the %s does not", async (role) => {
    if (role === "inviter") alan = await comeBack(server, "Alan");
    else beto = await comeBack(server, "Beto");
    const ticket = await startMatch(alan, beto);
    expect(limitIn(ticket)).toBeUndefined();
    await giveUp(ticket);
  });

  test.each(["3", "", "2x", "%zz"])("anything but 2 is ignored: '%s'", async (block) => {
    const client = await connect(server);
    const login = `login;Beto;${PASSWORD};${client.signer.publicKey};${block}`;
    const { token = "" } = await client.tls.asks(login, "loginACK;Beto;<token>");
    beto = { ...client, user: "Beto", token };
    await giveUp(await startMatch(alan, beto));
  });

  test("resume says it anew", async () => {
    beto.close();
    const client = await connect(server);
    await client.tls.asks(
      `resume;${beto.token};${client.signer.publicKey};2`,
      `resumeACK;Beto;${beto.token}`,
    );
    beto = { ...client, user: "Beto", token: beto.token };
    await giveUp(await startMatch(alan, beto, ";2"));
  });
});

describe("an inviter who listens", () => {
  test("is named to the invitee after the ticket", async () => {
    const { ticket, place } = await accepted("begin;Beto;41001;41002");
    expect(place).toBe("127.0.0.1;41001;41002");
    await alan.control.sees(`answer;Beto;True;127.0.0.1;40001;40002;${ticket}`);
    await giveUp(ticket);
  });

  test("may announce another host", async () => {
    const { ticket, place } = await accepted("begin;Beto;41001;41002;alan.example.org");
    expect(place).toBe("alan.example.org;41001;41002");
    await alan.control.sees(`answer;Beto;True;127.0.0.1;40001;40002;${ticket}`);
    await giveUp(ticket);
  });

  test("an inviter without ports is not", async () => {
    const { ticket, place } = await accepted("begin;Beto");
    expect(place).toBe("");
    await alan.control.sees(`answer;Beto;True;127.0.0.1;40001;40002;${ticket}`);
    await giveUp(ticket);
  });

  test.each([
    "begin;Beto;41001",
    "begin;Beto;0;41002",
    "begin;Beto;41001;65536",
    "begin;Beto;41001;41002;",
    "begin;Beto;41001;41002;a_b",
    "begin;Beto;41001;41002;0.0.0.0",
    "begin;Beto;41001;41002;::",
    "begin;Beto;41001;41002;224.0.0.1",
    "begin;Beto;41001;41002;ff02::1",
  ])("%s is BAD_ARGUMENTS, logged in or not", async (line) => {
    await alan.control.asks(line, "beginERR;BAD_ARGUMENTS;…");
    const { control } = await openControl(server);
    await control.asks(line, "beginERR;BAD_ARGUMENTS;…");
    control.close();
  });

  test.each(["localhost", "127.0.0.1", "::1", "169.254.1.1", "192.168.1.7", "fd00::7"])(
    "from this machine %s may be announced",
    async (host) => {
      const { ticket, place } = await accepted(`begin;Beto;41001;41002;${host}`, `;${host}`);
      expect(place).toBe(`${host};41001;41002`);
      await alan.control.sees(`answer;Beto;True;${host};40001;40002;${ticket}`);
      await giveUp(ticket);
    },
  );

  test("an answer with a host that nobody can dial is BAD_ARGUMENTS", async () => {
    alan.control.says("begin;Beto");
    await beto.control.sees("invite;Alan;2");
    for (const host of ["0.0.0.0", "239.1.1.1", "a%20b"])
      await beto.control.asks(`answer;Alan;True;40001;Beto;40002;${host}`, "answerERR;BAD_ARGUMENTS;…");
    await beto.control.asks("answer;Alan;False", "answerACK;Alan");
  });
});
