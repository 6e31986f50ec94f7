// Runs one client with one prompt, from start to goodbye.
import type { ReadStream, WriteStream } from "node:tty";
import { Client, type ClientOptions } from "./client.ts";
import { Conversation, type ConversationHandlers } from "./conversation.ts";
import type { DiskKeeper, FreeSession } from "./disk/disk-keeper.ts";
import type { Notice } from "./session/notice.ts";
import { LineMode } from "./terminal/line-mode.ts";
import { renderNotice } from "./terminal/render.ts";
import { Repl } from "./terminal/repl.ts";
import { styleOf } from "./terminal/style.ts";
import type { Texts } from "./texts/texts.ts";
import type { World } from "./world.ts";

export interface RunOptions {
  world: World;
  client: ClientOptions;
  keeper: DiskKeeper;
  texts: Texts;
  /** Says whether colours are wanted, and whether the terminal is dumb. */
  environment: Record<string, string | undefined>;
  input: ReadStream;
  output: WriteStream;
  /** When it aborts, the client says goodbye. */
  signal: AbortSignal;
}

export type RunOutcome = { ok: true } | { ok: false; text: string };

/** Resolves when the user has left, or when there was no server. */
export async function runClient(options: RunOptions): Promise<RunOutcome> {
  const { world, keeper, texts, environment, input, output, signal } = options;
  const isTerminal = input.isTTY === true && output.isTTY === true;
  const style = styleOf(isTerminal, environment);
  const { host, port } = options.client.server;
  const server = `${host}:${port}`;
  const knownUsers = new Set<string>();
  let leave: (outcome: RunOutcome) => void = () => {};
  const left = new Promise<RunOutcome>((resolve) => {
    leave = resolve;
  });
  const prompt = isTerminal
    ? new Repl({
        input,
        output,
        style,
        isDumb: environment.TERM === "dumb",
        knownUsers: () => [...knownUsers],
        promptName: () => promptName(client),
      })
    : new LineMode(input, output, texts);

  let isPromptThere = false;
  const startPrompt = () => {
    if (!isPromptThere) prompt.start(conversation);
    isPromptThere = true;
  };
  const client = new Client(
    world,
    { ...options.client, keeper },
    {
      onNotice(notice) {
        for (const user of usersIn(notice)) knownUsers.add(user);
        prompt.print(renderNotice(notice, texts, style, isTerminal ? output.columns || 80 : undefined));
        if (notice.kind === "connected" && isTerminal) prompt.print(style.dim(texts.helpHint));
        if (notice.kind === "connected" || notice.kind === "server-lost") {
          startPrompt();
          conversation.open();
        }
      },
      onChange: () => conversation.proceed(),
      onUnreachable: (reason) => leave({ ok: false, text: texts.unreachable(server, reason) }),
    },
  );
  const handlers: ConversationHandlers = {
    print: (text, tone) => prompt.print(tone === "bad" ? style.bad(text) : text),
    onChange: () => prompt.refresh(),
    onExit: () => leave({ ok: true }),
  };
  const conversation: Conversation = new Conversation(client, texts, handlers, {
    asksBeforeLoss: isTerminal,
  });

  const onAbort = () => leave({ ok: true });
  signal.addEventListener("abort", onAbort);
  const begin = (session: FreeSession | undefined) => {
    const kept = session && keeper.take(session.id);
    if (session && !kept) prompt.print(texts.sessionTaken(session.user));
    if (isTerminal) prompt.print(style.dim(texts.connecting(server)));
    client.start(kept ?? undefined);
  };
  const free = keeper.free();
  if (free.length > 1) {
    prompt.print(texts.whichSession(free));
    startPrompt();
    conversation.choose(free.length, (index) => begin(index === null ? undefined : free[index]));
  } else {
    begin(free[0]);
  }
  const outcome = await left;
  signal.removeEventListener("abort", onAbort);
  prompt.stop();
  if (outcome.ok) output.write(`${texts.goodbye}\n`);
  await client.leave();
  return outcome;
}

/** The user, and the symbol during a match. */
function promptName({ session }: Client): string {
  const user = session.user ?? "velha";
  return session.match ? `${user} ${session.match.symbol}` : user;
}

function usersIn(notice: Notice): string[] {
  switch (notice.kind) {
    case "users":
      return notice.users.map(({ user }) => user);
    case "leaders":
      return notice.scores.map(({ user }) => user);
    case "invited":
    case "logged-in":
    case "resumed":
    case "user-created":
      return [notice.user];
    default:
      return [];
  }
}
