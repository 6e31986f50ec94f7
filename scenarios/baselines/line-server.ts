// What the runtime alone can do: a server that answers every line with a constant from prepared buffers, without reading
// the request. On standard input, `answer <bytes>` sets the length of the answer; `busy <threads>` keeps that many threads
// of the pool hashing passwords, and `busy 0` ends that.
import { scrypt } from "node:crypto";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

const LF = 10;
/** 16 MiB of memory and about 40 ms of a core each. */
const HASH = { N: 16_384, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;

let answerBytes = 1;
let answersByCount: Buffer[] = [];
let busyThreads = 0;
let busyNow = 0;

function answers(count: number): Buffer {
  answersByCount[count] ??= Buffer.from(`${"x".repeat(answerBytes - 1)}\n`.repeat(count));
  return answersByCount[count];
}

function linesIn(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) count += 1;
  return count;
}

function keepBusy(): void {
  if (busyNow >= busyThreads) return;
  busyNow += 1;
  scrypt("password", "salt", 32, HASH, () => {
    busyNow -= 1;
    keepBusy();
  });
  keepBusy();
}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("data", (chunk) => {
    const count = linesIn(chunk);
    if (count > 0) socket.write(answers(count));
  });
  socket.on("error", () => {});
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => console.log("listening"));
process.on("SIGTERM", () => process.exit(0));

for await (const line of createInterface({ input: process.stdin })) {
  const [word, value] = line.split(" ");
  if (word === "answer") {
    answerBytes = Number(value);
    answersByCount = [];
  } else {
    busyThreads = Number(value);
    keepBusy();
  }
  console.log(`${line}: set`);
}
