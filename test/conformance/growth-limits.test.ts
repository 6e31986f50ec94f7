// The limits against growth, each with its answer.
import { afterAll, beforeAll, expect, it } from "vitest";
import { ServerProcess } from "../servers/server-process.ts";
import { comeBack, connect, join, PASSWORD, startMatch } from "../wire/whole-client.ts";

let server: ServerProcess;
beforeAll(async () => {
  const limits = ["--matches-per-hour", "1", "--logins-per-hour", "2", "--accounts-per-day", "30"];
  server = await ServerProcess.start([...limits, "--match-patience", "0.5"]);
});
afterAll(() => server.dispose());

it("answers TRY_LATER to a match, a login and an account too many, and logs it", async () => {
  const [alan, beto, carla] = [
    await join(server, "alan"),
    await join(server, "beto"),
    await join(server, "carla"),
  ];
  await alan.tls.asks(`adduser;dora;${PASSWORD}`, "adduserERR;TRY_LATER;<seconds>;…");
  const ticket = await startMatch(beto, carla);
  beto.close();
  // Who left counts as gone once the server has noticed.
  await expect.poll(() => server.log).toContainEqual(expect.stringMatching(/^Client disconnected/));
  await carla.control.asks(`result;carla;beto;ABANDONED;${ticket}`, "resultACK;<match>;PENDING;0");
  await carla.control.sees("settled;<match>;WIN;2");
  const again = await comeBack(server, "beto");
  again.close();
  const third = await connect(server);
  await third.tls.asks(`login;beto;${PASSWORD}`, "loginERR;TRY_LATER;<seconds>;…");
  await third.tls.asks(`resume;${again.token}`, "resumeERR;TRY_LATER;<seconds>;…");
  expect(server.log).toContainEqual(
    expect.stringMatching(/^Told to wait \d+ s: adduser from ip 127\.0\.0\.1$/),
  );
  carla.control.says("begin;alan");
  await alan.control.sees("invite;carla");
  alan.control.says("inviteACK;carla");
  await carla.control.sees("beginACK;alan");
  alan.control.says("answer;carla;True;40001;alan;40002");
  await alan.control.sees("answerERR;TRY_LATER;<seconds>;…");
  for (const client of [alan, carla, third]) client.close();
});
