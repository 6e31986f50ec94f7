// docs/PROTOCOL.md §3
import { afterAll, beforeAll, expect, test } from "vitest";
import { ServerProcess } from "../servers/server-process.ts";
import { matchIdOf, signedActions } from "../wire/match-report.ts";
import { connect, join, startMatch } from "../wire/whole-client.ts";

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(() => server.dispose());

test("logout takes the user off the list and revokes the token; the connection stays", async () => {
  const alan = await join(server, "Alan");
  await alan.control.asks("list", "listACK;Alan:free");
  await alan.control.asks("logout", "logoutACK");
  await alan.control.asks("list", "listACK");
  await alan.tls.asks(`resume;${alan.token}`, "resumeERR;BAD_TOKEN;…");
  await alan.control.asks("logout", "logoutERR;NOT_LOGGED_IN;…");
  alan.close();
});

test("exit is acknowledged, then the server closes all the client's connections", async () => {
  const beto = await join(server, "Beto");
  await beto.control.asks("exit", "exitACK");
  await beto.control.seesClose();
  await beto.tls.seesClose();
  await beto.heartbeat.seesClose();
});

test("exit also works without a login", async () => {
  const anonymous = await connect(server);
  await anonymous.control.asks("exit", "exitACK");
  await anonymous.control.seesClose();
});

test("logout in a match is IN_MATCH; exit is allowed, and the match can be rejoined", async () => {
  const [carla, davi] = [await join(server, "Carla"), await join(server, "Davi")];
  const ticket = await startMatch(carla, davi);
  await carla.control.asks("logout", "logoutERR;IN_MATCH;…");
  await carla.control.asks("exit", "exitACK");
  await davi.control.asks("list", "listACK;Davi:playing");
  const back = await connect(server);
  await back.tls.asks(`resume;${carla.token};${carla.signer.publicKey}`, `resumeACK;Carla;${carla.token}`);
  await back.control.asks("list", "listACK;Carla:playing;Davi:playing");
  await back.control.asks(`playing;${ticket}`, `playingACK;${matchIdOf(ticket)}`);
  back.close();
  davi.close();
});

test("a killed server still knows the open matches and their players", async () => {
  const first = await ServerProcess.start();
  const [alan, beto] = [await join(first, "Alan"), await join(first, "Beto")];
  const ticket = await startMatch(alan, beto);
  await first.interrupt("SIGKILL");
  for (const client of [alan, beto]) client.close();

  const second = await ServerProcess.start([], first.folder);
  const back = await connect(second);
  await back.tls.asks(`resume;${beto.token};${beto.signer.publicKey}`, `resumeACK;Beto;${beto.token}`);
  await back.control.asks("list", "listACK;Beto:playing");
  await back.control.asks(`playing;${ticket}`, `playingACK;${matchIdOf(ticket)}`);
  await back.control.asks("logout", "logoutERR;IN_MATCH;…");
  const actions = signedActions(ticket, { X: alan.signer, O: beto.signer }, "11 endO").join(";");
  await back.control.asks(`result;Beto;Alan;LOST;${ticket};${actions}`, "resultACK;<match>;LOST;0");
  await back.control.asks("leaders", "leadersACK;Alan:2;Beto:0");
  await back.control.asks("logout", "logoutACK");
  back.close();
  await second.dispose();
  await first.dispose();
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "a server that gets %s says so to every control connection, and ends well",
  async (signal) => {
    const own = await ServerProcess.start();
    const [alan, stranger] = [await join(own, "Alan"), await connect(own)];
    const exitCode = own.interrupt(signal);
    for (const { control } of [alan, stranger]) {
      await control.sees("disconnect;SHUTDOWN");
      await control.seesClose();
    }
    expect(await exitCode).toBe(0);
    await own.dispose();
  },
);
