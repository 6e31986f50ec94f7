import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ServerProcess } from "../../../test/servers/server-process.ts";
import { TypedClient } from "./typed-client.fixture.ts";

let server: ServerProcess;
let clients: TypedClient[] = [];

beforeAll(async () => {
  server = await ServerProcess.start(["--attempt-limits", "off"]);
});

afterAll(() => server.dispose());

afterEach(() => {
  for (const client of clients) client.kill();
  clients = [];
});

async function start(terminal: Parameters<typeof TypedClient.inTerminal>[1] = {}): Promise<TypedClient> {
  const client = TypedClient.inTerminal(["127.0.0.1", String(server.port)], terminal);
  clients.push(client);
  await client.sees("velha> ");
  return client;
}

/** Registered, if need be, and logged in. */
async function enter(user: string): Promise<TypedClient> {
  const client = await start();
  client.enters(`adduser ${user} secret-of-${user}`);
  await client.sees(/User '.*' created|That name is taken/);
  client.enters(`login ${user} secret-of-${user}`);
  await client.sees(`${user}> `);
  return client;
}

describe("in a terminal", () => {
  it("two clients see each move of a whole match drawn, and one gives up the rematch", async () => {
    const [alan, beto] = [await enter("alan"), await enter("beto")];
    alan.enters("begin beto");
    await alan.sees("Inviting beto...");
    await beto.sees("alan invites you to a match! Accept? [Y/n]");
    beto.enters("y");
    await alan.sees("Match with beto: you are X");
    await beto.sees("Match with alan: you are O");
    for (const [index, square] of ["2 2", "1 1", "1 3", "1 2", "3 1"].entries()) {
      const [mover, other] = index % 2 === 0 ? [alan, beto] : [beto, alan];
      await mover.sees("Your move: send <row> <column>");
      mover.enters(`send ${square}`);
      await mover.sees(`You played ${square}`);
      await other.sees(`${mover === alan ? "alan" : "beto"} played ${square}`);
      for (const player of [mover, other]) await player.sees("      1   2   3\n  1  ");
    }
    for (const player of [alan, beto]) await player.sees("O │ O │ X\n     ───┼───┼───\n  2     │ X │\n");
    await alan.sees("You won! +2 points");
    await alan.sees("Rematch? [Y/n]");
    await beto.sees("You lost");
    await beto.sees("Rematch? [Y/n]");
    beto.enters("");
    await beto.sees("Waiting for alan...");
    alan.enters("");
    await beto.sees("Match with alan: you are O");
    await alan.sees("Match with beto: you are X");
    beto.enters("end");
    await beto.sees("Give up the match? alan wins then\n[y/N]: ");
    beto.enters("");
    await beto.sees("beto O> ");
    beto.enters("end");
    await beto.sees("Give up the match?");
    beto.enters("y");
    await beto.sees("You gave up");
    await beto.sees("You lost");
    await alan.sees("beto gave up");
    await alan.sees("You won! +2 points");
  });

  it("leaving a match is asked about once, by exit and by Ctrl-C; a second Ctrl-C leaves", async () => {
    const [iris, jose] = [await enter("iris"), await enter("jose")];
    iris.enters("begin jose");
    await jose.sees("Accept? [Y/n]");
    jose.enters("");
    await iris.sees("Your move");
    iris.enters("exit");
    await iris.sees("Leave during the match with jose?");
    iris.enters("board");
    await iris.sees("      1   2   3");
    iris.types("\x03");
    await iris.sees("Leave during the match with jose?");
    iris.types("\x03");
    await iris.sees("Goodbye");
    expect(await iris.ends()).toBe(0);
  });

  it("a half-typed line survives a notice, and so does the cursor", async () => {
    const [caio, dora] = [await enter("caio"), await enter("dora")];
    dora.types("lit");
    await dora.sees("dora> lit");
    dora.types("\x1b[D");
    caio.enters("begin dora");
    await dora.sees("caio invites you to a match! Accept? [Y/n]\n[Y/n]: lit");
    dora.types("s");
    await dora.sees("[Y/n]: list");
    dora.types("\r");
    await dora.sees("Connected users:");
    dora.enters("n");
    await caio.sees("dora declined");
  });

  it("a password that is left out is asked for and not shown", async () => {
    const client = await start();
    client.enters("adduser elza");
    await client.sees("New password for elza:");
    client.enters("hidden-of-elza");
    await client.sees("Repeat the password:");
    client.enters("hidden-of-elza");
    await client.sees("User 'elza' created");
    client.enters("login elza");
    await client.sees("Password of elza:");
    client.enters("hidden-of-elza");
    await client.sees("Logged in as elza");
    client.types("\x1b[A");
    await client.sees("elza> login elza");
    expect(client.raw).not.toContain("hidden");
  });

  it("a password in a command is masked, and does not reach the history", async () => {
    const client = await enter("fabio");
    await client.sees("");
    client.types("\x1b[A");
    await client.sees("fabio> login fabio");
    expect(client.raw).not.toContain("secret-of-fabio");
    expect(client.raw).toContain("login fabio ***");
  });

  it("Tab completes commands and the names that were seen", async () => {
    const client = await enter("gil");
    client.types("lea\t");
    await client.sees("gil> leaders ");
    client.types("\r");
    await client.sees("LEADERBOARD");
    client.types("beg\tgi\t");
    await client.sees("gil> begin gil ");
    client.types("\r");
    await client.sees("You cannot invite yourself");
  });

  it("Ctrl-C withdraws the command that asks for a password, then the line being typed, then says goodbye", async () => {
    const client = await start();
    client.enters("login alan");
    await client.sees("Password of alan:");
    client.types("half\x03");
    await client.sees("velha> ");
    client.types("lis\x03");
    await client.sees("velha> lis\nvelha> ");
    client.types("\x03");
    await client.sees("\nGoodbye\n");
    expect(await client.ends()).toBe(0);
  });

  it("Ctrl-D while a password is asked for withdraws the command", async () => {
    const client = await start();
    client.enters("login alan");
    await client.sees("Password of alan:");
    client.types("\x04");
    await client.sees("velha> ");
    client.enters("help");
    await client.sees("Commands");
  });

  it("exit and Ctrl-D say goodbye", async () => {
    const [one, other] = [await start(), await start()];
    one.enters("exit");
    await one.sees("Goodbye");
    other.types("\x04");
    await other.sees("Goodbye");
    expect([await one.ends(), await other.ends()]).toEqual([0, 0]);
  });

  it("a user is told before and after connecting, and once that help lists the commands", async () => {
    const english = TypedClient.inTerminal(["127.0.0.1", String(server.port)]);
    const portuguese = TypedClient.inTerminal(["127.0.0.1", String(server.port)], {
      language: "pt_BR.UTF-8",
    });
    clients.push(english, portuguese);
    await english.sees(`Connecting to 127.0.0.1:${server.port}...\nConnected to 127.0.0.1:${server.port}\n`);
    await english.sees("Type help to see the commands\nvelha> ");
    await portuguese.sees(`Conectando a 127.0.0.1:${server.port}...\nConectado a 127.0.0.1:${server.port}\n`);
    await portuguese.sees("Digite help para ver os comandos\nvelha> ");
  });

  it("a dumb terminal gets no escape sequence, and passwords are still hidden", async () => {
    const client = await start({ terminal: "dumb" });
    client.enters("adduser ines secret-of-ines");
    await client.sees("User 'ines' created");
    client.enters("login ines");
    await client.sees("Password of ines:");
    client.enters("secret-of-ines");
    await client.sees("ines> ");
    client.types("lisx\x7ft\x0c");
    await client.sees("ines> list");
    client.types("\r");
    await client.sees("Connected users:");
    client.enters("exit");
    await client.sees("Goodbye");
    expect(client.raw).not.toContain("\x1b");
    expect(client.raw).not.toContain("secret-of-ines");
  });

  it("Portuguese has the seed's words", async () => {
    const alan = await enter("alan");
    const hugo = await start({ language: "pt_BR.UTF-8" });
    hugo.enters("adduser hugo secret-of-hugo");
    await hugo.sees("Usuário 'hugo' criado");
    hugo.enters("login hugo secret-of-hugo");
    await hugo.sees("Login bem sucedido!");
    hugo.enters("list");
    await hugo.sees("-----\nUsuários conectados:\n-----\n       alan   ");
    alan.enters("begin hugo");
    await hugo.sees("alan te convidou para jogar!\nAceitar?\n[S/n]: ");
    hugo.enters("n");
    await alan.sees("hugo declined");
    hugo.types("\x03");
    await hugo.sees("Finalizando cliente");
    expect(await hugo.ends()).toBe(0);
  });
});
