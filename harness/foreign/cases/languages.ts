// An echo in other languages and runtimes.
import { join } from "node:path";
import { echoServer } from "../echo.ts";
import { type ForeignCase, programFile } from "../foreign-case.ts";

export const languageCases: ForeignCase[] = [
  echoServer({
    id: "python",
    title: "Python: asyncio",
    needs: ["python3"],
    command: (port) => ["python3", programFile("echo.py"), String(port)],
  }),
  echoServer({
    id: "perl",
    title: "Perl: a child for each connection",
    needs: ["perl"],
    command: (port) => ["perl", programFile("echo.pl"), String(port)],
  }),
  echoServer({
    id: "java",
    title: "Java: a thread for each connection",
    needs: ["javac"],
    command: (port) => ["java", programFile("Echo.java"), String(port)],
  }),
  echoServer({
    id: "bun",
    title: "Bun: Bun.listen",
    needs: ["bun"],
    command: (port) => ["bun", programFile("echo.bun.mjs"), String(port)],
  }),
  echoServer({
    id: "bun-node",
    title: "Bun: net of Node",
    needs: ["bun"],
    command: (port) => ["bun", programFile("node-kinds.mjs"), "net", String(port)],
  }),
  echoServer({
    id: "deno",
    title: "Deno: Deno.listen",
    needs: ["deno"],
    command: (port) => ["deno", "run", "-A", programFile("echo.deno.mjs"), String(port)],
  }),
  {
    ...goServer(() => ""),
    async play(bench) {
      const program = join(bench.folder, "echo");
      await bench.run(["go", "build", "-o", program, programFile("echo.go")]);
      return goServer(() => program).play(bench);
    },
  },
];

function goServer(program: () => string): ForeignCase {
  return echoServer({
    id: "go",
    title: "Go: a goroutine for each connection",
    needs: ["go"],
    command: (port) => [program(), String(port)],
  });
}
