import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { hintsForUnheard, hintsForUnseen, type Unseen } from "./not-seen.ts";

const server: Unseen = {
  command: ["./server"],
  isTerminal: false,
  isAlive: true,
  printed: ["listening on port 80", "  ready  "],
  isOutputEmpty: false,
  idOf: () => undefined,
};

function hints(pattern: RegExp, over: Partial<Unseen> = {}): string[] {
  return hintsForUnseen(pattern, { ...server, ...over });
}

test.each([
  [
    /Listening/,
    ['It printed "listening on port 80", which /Listening/i matches: upper and lower case differ'],
  ],
  [/^ready$/, ['It printed "  ready  ", which /ready/ matches: ^ and $ stand for a whole line']],
  [/^listening on (\d+)/, ['The closest line that it printed: "listening on port 80"']],
  [
    /port 80/,
    [
      'It printed "listening on port 80" before the line that was seen last: each line is seen once, in order',
    ],
  ],
  [/goodbye, everybody/, []],
])("what was printed instead of %s", (pattern, expected) => {
  expect(hints(pattern)).toEqual(expected);
});

const silent = { printed: [], isOutputEmpty: true };

test.each([
  [["python3", "server.py"], {}, 'write command: ["python3", "-u", …], or terminal: true'],
  [["./server"], {}, 'write command: ["stdbuf", "-oL", "./server", …], or terminal: true'],
  [["sh", "-c", "exec python3 server.py"], {}, 'write environment: { PYTHONUNBUFFERED: "1" }, or terminal'],
  [["./server"], { isTerminal: true }, null],
  [["node", "server.js"], {}, null],
  [["./server"], { isAlive: false }, null],
])("a silent %j %j may hold back what it prints", (command, over, expected) => {
  const found = hints(/ready/, { ...silent, command, ...over });
  expect(found).toEqual(expected === null ? [] : [expect.stringContaining(expected)]);
});

test("who listens on a port that is taken", async () => {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as { port: number };
  const printed = [`bind 127.0.0.1:${port}: Address already in use`];
  const [unknown, ...more] = hints(/ready/, { printed });
  expect(more).toEqual([]);
  expect(unknown).toContain(`Port ${port} is taken by `);
  expect(unknown).toContain(`(process ${process.pid}): write await context.freePort()`);
  expect(hints(/ready/, { printed, idOf: () => "first" })[0]).toContain(`Port ${port} is taken by first:`);
  expect(hintsForUnheard({ ...server, printed }, [])).toEqual([unknown]);
  listener.close();
});

test("a program that does not listen where it should may listen elsewhere", () => {
  expect(hintsForUnheard(server, [7000, 7001])).toEqual(["It listens at 7000, 7001"]);
  expect(hintsForUnheard(server, [])).toEqual([]);
});
