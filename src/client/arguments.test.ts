import { expect, it, vi } from "vitest";
import { programVersion } from "../shared/command-line/program-version.ts";
import { readArguments } from "./arguments.ts";

const server = { host: "127.0.0.1", port: 3000 };
const anyPorts = { gamePort: 0, pingPort: 0 };

it.each([
  [[], { server, ...anyPorts }],
  [["example.org"], { server: { host: "example.org", port: 3000 }, ...anyPorts }],
  [["::1", "3050"], { server: { host: "::1", port: 3050 }, ...anyPorts }],
  [
    ["a:3001,b"],
    { server: { host: "a", port: 3001 }, otherServers: [{ host: "b", port: 3000 }], ...anyPorts },
  ],
  [["--p2p-ports", "4000,4001"], { server, gamePort: 4000, pingPort: 4001 }],
  [["--announce", "me.example"], { server, ...anyPorts, announced: { host: "me.example" } }],
  [
    ["--announce", "me.example:5000,5001"],
    { server, ...anyPorts, announced: { host: "me.example", gamePort: 5000, pingPort: 5001 } },
  ],
  [
    ["--announce", "[2001:db8::1]:5000,5001"],
    { server, ...anyPorts, announced: { host: "2001:db8::1", gamePort: 5000, pingPort: 5001 } },
  ],
  [
    ["--give-up-after", "2.5", "--peer-patience", "60"],
    { server, ...anyPorts, serverPatienceMs: 2_500, peerPatienceMs: 60_000 },
  ],
  [["--announce", "2001:db8::1"], { server, ...anyPorts, announced: { host: "2001:db8::1" } }],
])("%j is read", (args, client) => {
  expect(readArguments(args, {}).client).toEqual({ otherServers: [], ...client });
});

it("--lang takes precedence over the language of the environment", () => {
  expect(readArguments(["--lang", "en"], { LANG: "pt_BR.UTF-8" }).language).toBe("en");
  expect(readArguments([], { LANG: "pt_BR.UTF-8" }).language).toBe("pt-BR");
});

it.each([
  [
    ["--help"],
    { LANG: "pt_BR.UTF-8" },
    /^Uso: .*\[opções\] \[host\] \[port\]\n.*Jogo da velha.*Opções:.*\(padrão:/s,
  ],
  [["--help", "--lang", "pt-BR"], {}, /^Uso: /],
  [["--lang=en", "--help"], { LANG: "pt_BR.UTF-8" }, /^Usage: .*Options:.*\(default:/s],
  [["--help"], {}, /^Usage: /],
])("%j in the environment %j prints the help in the right language", (args, environment, help) => {
  let printed = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
  expect(() => readArguments(args, environment)).toThrow();
  write.mockRestore();
  expect(printed).toMatch(help);
});

it.each([":", "example.org:4000", "a b", "[::1"])("%j is refused as an address to announce", (text) => {
  expect(() => readArguments(["--announce", text], {})).toThrow(/announce/);
});

it("the version is the package's", () => {
  expect(programVersion()).toMatch(/^\d+\.\d+\.\d+$/);
});
