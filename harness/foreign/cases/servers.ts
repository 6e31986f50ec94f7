// Servers that many people run, each under a client of its own kind, each by its own account where it keeps one.
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chown, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import type { Account } from "../account.ts";
import type { Bench, ForeignCase } from "../foreign-case.ts";

const MESSAGE_BYTES = 500;
const MOSQUITTO_TELLS_MS = 2_500;
const POSTGRES = "/usr/lib/postgresql";

export const serverCases: ForeignCase[] = [
  nginxUnderAb("nginx", "nginx + ab, a connection for each request", []),
  nginxUnderAb("nginx-kept", "nginx + ab, connections kept alive", ["-k"]),
  {
    id: "redis",
    title: "redis-server + redis-benchmark",
    needs: ["redis-server", "redis-benchmark"],
    async play(bench) {
      const port = await bench.port();
      const server = await bench.start(redisServer(port));
      await server.listens(port);
      await bench.run(redisBenchmark(port, bench.isFull));
      const { account } = await redisAccount(port);
      await server.stop();
      return account;
    },
  },
  {
    id: "redis-daemon",
    title: "redis-server --daemonize yes + redis-benchmark",
    needs: ["redis-server", "redis-benchmark"],
    async play(bench) {
      const port = await bench.port();
      const launcher = await bench.start([...redisServer(port), "--daemonize", "yes"]);
      await launcher.ended();
      await bench.accepting(port);
      await bench.run(redisBenchmark(port, bench.isFull));
      const { account, pid } = await redisAccount(port);
      process.kill(pid);
      await bench.context.pause(200);
      return account;
    },
  },
  {
    id: "postgres",
    title: "PostgreSQL + pgbench -C",
    needs: ["pgbench", "initdb"],
    async play(bench) {
      const { port, server } = await startPostgres(bench);
      const relay = await bench.relay(port);
      const login = ["-h", "127.0.0.1", "-p", String(relay.port), "-U", "fiel", "postgres"];
      await bench.run(["pgbench", "-i", "-q", ...login]);
      const transactions = bench.isFull ? "1000" : "50";
      await bench.run(["pgbench", "-C", "-n", "-c", "2", "-t", transactions, ...login]);
      await server.stop();
      return relay.ofServer();
    },
  },
  {
    id: "python-http",
    title: "python3 -m http.server + curl",
    needs: ["python3", "curl"],
    async play(bench) {
      const port = await bench.port();
      await writeFile(join(bench.folder, "file"), Buffer.alloc(50_000));
      const words = ["python3", "-m", "http.server", String(port), "--bind", "127.0.0.1"];
      const server = await bench.start(words, { cwd: bench.folder });
      await server.listens(port);
      const account = await curled(bench, `http://127.0.0.1:${port}/file`, bench.isFull ? 200 : 10);
      await server.stop();
      return account;
    },
  },
  {
    id: "mosquitto",
    title: "mosquitto + mosquitto_pub",
    needs: ["mosquitto", "mosquitto_pub"],
    async play(bench) {
      const port = await bench.port();
      const configuration = join(bench.folder, "mosquitto.conf");
      await writeFile(configuration, `listener ${port} 127.0.0.1\nallow_anonymous true\nsys_interval 1\n`);
      const server = await bench.start(["mosquitto", "-c", configuration]);
      await server.listens(port);
      const message = ["-q", "1", "-t", "topic", "-m", "m".repeat(MESSAGE_BYTES)];
      const times = bench.isFull ? 200 : 10;
      for (let time = 0; time < times; time += 1)
        await bench.run(["mosquitto_pub", ...mosquittoAt(port), ...message]);
      let account = await mosquittoAccount(bench, port);
      while (account.bytesRead < times * MESSAGE_BYTES) account = await mosquittoAccount(bench, port);
      await server.stop();
      return account;
    },
  },
];

function mosquittoAt(port: number): string[] {
  return ["-h", "127.0.0.1", "-p", String(port)];
}

/** As it stood a second ago at most; the question itself is not in the answer. */
async function mosquittoAccount(bench: Bench, port: number) {
  await bench.context.pause(MOSQUITTO_TELLS_MS);
  const relay = await bench.relay(port);
  const topics = ["received", "sent"].flatMap((what) => ["-t", `$SYS/broker/bytes/${what}`]);
  const words = ["mosquitto_sub", ...mosquittoAt(relay.port), "-C", "2", "-v", ...topics];
  const answer = await bench.run(words);
  const own = (what: string) => Number(new RegExp(`${what} (\\d+)`).exec(answer)?.[1]);
  const { bytesRead = 0, bytesWritten = 0 } = relay.ofServer();
  return {
    by: "its $SYS/broker/bytes",
    bytesRead: own("received") + bytesRead,
    bytesWritten: own("sent") + bytesWritten,
  };
}

function nginxUnderAb(id: string, title: string, options: string[]): ForeignCase {
  return {
    id,
    title,
    needs: ["nginx", "ab"],
    async play(bench) {
      const port = await bench.port();
      const log = join(bench.folder, "access.log");
      await writeFile(join(bench.folder, "file"), Buffer.alloc(1_000));
      await writeFile(join(bench.folder, "nginx.conf"), nginxConfiguration(bench.folder, port));
      const server = await bench.start(["nginx", "-c", join(bench.folder, "nginx.conf")]);
      await server.listens(port);
      const [requests, atOnce] = bench.isFull ? ["5000", "50"] : ["500", "20"];
      await bench.run([
        "ab",
        "-q",
        ...options,
        "-n",
        requests,
        "-c",
        atOnce,
        `http://127.0.0.1:${port}/file`,
      ]);
      const status = await bench.run(["curl", "-s", `http://127.0.0.1:${port}/status`]);
      await server.stop();
      const rows = readFileSync(log, "utf8").trim().split("\n");
      const sum = (column: number) => rows.reduce((total, row) => total + Number(row.split(" ")[column]), 0);
      return {
        by: "its access log and stub_status",
        connections: Number(/^\s*(\d+) \d+ \d+/m.exec(status)?.[1]),
        bytesWritten: sum(0),
        bytesRead: sum(1),
      };
    },
  };
}

function nginxConfiguration(folder: string, port: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `
    ${process.getuid?.() === 0 ? "user root;" : ""}
    daemon off; worker_processes 2; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
    events { worker_connections 1024; }
    http {
      log_format sums "$bytes_sent $request_length"; access_log ${folder}/access.log sums;
      ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(" ")}
      server { listen 127.0.0.1:${port} reuseport; root ${folder}; location /status { stub_status; } }
    }`;
}

export function redisServer(port: number): string[] {
  return ["redis-server", "--port", String(port), "--bind", "127.0.0.1", "--save", ""];
}

export function redisBenchmark(port: number, isFull: boolean): string[] {
  return ["redis-benchmark", "-p", String(port), "-t", "get", "-n", isFull ? "100000" : "5000", "-q"];
}

interface RedisAccount {
  account: Account;
  /** Of the answer that says so. */
  answerBytes: number;
  pid: number;
}

/** Redis counts the question as it comes, and the answer once it is sent. */
export async function redisAccount(port: number): Promise<RedisAccount> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.setEncoding("latin1").on("data", (text) => {
    answer += text;
  });
  socket.write("INFO\r\n");
  while (!/# Keyspace/.test(answer)) await once(socket, "data");
  socket.end();
  const value = (name: string) => Number(new RegExp(`${name}:(\\d+)`).exec(answer)?.[1]);
  return {
    account: {
      by: "its INFO",
      connections: value("total_connections_received"),
      bytesRead: value("total_net_input_bytes"),
      bytesWritten: value("total_net_output_bytes") + answer.length,
    },
    answerBytes: answer.length,
    pid: value("process_id"),
  };
}

/** It does not run as root. */
async function startPostgres(bench: Bench) {
  const isRoot = process.getuid?.() === 0;
  const as = isRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
  if (isRoot) {
    const id = async (option: string) => Number(await bench.run(["id", option, "postgres"]));
    await chown(bench.folder, await id("-u"), await id("-g"));
  }
  const programs = postgresPrograms()[0] ?? "";
  const data = join(bench.folder, "data");
  await bench.run([...as, join(programs, "initdb"), "-D", data, "-U", "fiel", "-A", "trust", "-N"]);
  const port = await bench.port();
  const settings = ["-p", String(port), "-k", bench.folder, "-h", "127.0.0.1", "-F"];
  const server = await bench.start([...as, join(programs, "postgres"), "-D", data, ...settings]);
  await server.sees(/ready to accept connections/);
  return { port, server };
}

/** Debian puts them into a folder of their version. */
export function postgresPrograms(): string[] {
  const versions = existsSync(POSTGRES) ? readdirSync(POSTGRES) : [];
  const newest = versions.toSorted((one, other) => Number(other) - Number(one));
  return newest.map((version) => join(POSTGRES, version, "bin"));
}

async function curled(bench: Bench, url: string, times: number): Promise<Account> {
  const sums = { connections: times, bytesRead: 0, bytesWritten: 0 };
  const format = "%{size_request} %{size_header} %{size_download}";
  for (let left = times; left > 0; left -= 1) {
    const printed = await bench.run(["curl", "-s", "-o", "/dev/null", "-w", format, url]);
    const [request = 0, header = 0, body = 0] = printed.split(" ").map(Number);
    sums.bytesRead += request;
    sums.bytesWritten += header + body;
  }
  return { by: "curl", ...sums };
}
