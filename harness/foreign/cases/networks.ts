// Addresses, networks and sockets of other kinds.
import { join } from "node:path";
import { echoServer } from "../echo.ts";
import { type ForeignCase, programFile } from "../foreign-case.ts";

export const networkCases: ForeignCase[] = [
  echoServer({
    id: "ipv6",
    title: "IPv6",
    needs: ["python3"],
    host: "::1",
    command: (port) => ["python3", programFile("echo.py"), String(port), "::1"],
  }),
  echoServer({
    id: "ipv4-mapped",
    title: "IPv4 at a socket of IPv6",
    command: (port) => ["node", programFile("node-kinds.mjs"), "net", String(port)],
  }),
  {
    id: "namespace",
    title: "Both ends in another network namespace",
    needs: ["ip", "python3", "curl"],
    needsRoot: true,
    async play(bench) {
      const name = `fiel-${process.pid}`;
      await bench.run(["ip", "netns", "add", name]);
      try {
        const inside = ["ip", "netns", "exec", name];
        await bench.run([...inside, "ip", "link", "set", "lo", "up"]);
        const port = await bench.port();
        const server = await bench.start([...inside, "python3", "-m", "http.server", String(port)]);
        await server.listens(port);
        const format = "%{size_request} %{size_header} %{size_download}";
        const url = `http://127.0.0.1:${port}/nothing`;
        const printed = await bench.run([...inside, "curl", "-s", "-o", "/dev/null", "-w", format, url]);
        const [bytesRead = 0, header = 0, body = 0] = printed.split(" ").map(Number);
        await server.stop();
        return { by: "curl", connections: 1, bytesRead, bytesWritten: header + body };
      } finally {
        await bench.run(["ip", "netns", "delete", name]);
      }
    },
  },
  {
    id: "udp",
    title: "UDP",
    needs: ["python3"],
    async play(bench) {
      await (await bench.start(["python3", programFile("udp.py")])).ended();
      return { by: "the program", udpBytes: 40_000 };
    },
  },
  {
    id: "unix",
    title: "Unix sockets",
    needs: ["python3"],
    async play(bench) {
      const words = ["python3", programFile("unix.py"), join(bench.folder, "socket")];
      await (await bench.start(words)).ended();
      return { by: "the program", unixBytes: 20_000 };
    },
  },
];
