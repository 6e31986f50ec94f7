import { describe, expect, test } from "vitest";
import { sampleRun } from "../result/sample-run.fixture.ts";
import { codeBlock, table } from "../text/markdown.ts";
import { MAX_ROWS, summaryMarkdown } from "./summary-markdown.ts";

describe("the summary", () => {
  test("begins with the status, and with where and how the run was measured", () => {
    const [title, , description, , line] = summaryMarkdown(sampleRun()).split("\n");
    expect(title).toBe("## ✅ Match: passed");
    expect(description).toBe("Two clients play a whole match.");
    expect(line).toBe(
      "20.00 s from 2026-03-14T15:09:26.535Z. Node 20.20.0, Linux 6.8.0-51-generic x64, 4 × Intel(R) Core(TM) i5-5200U CPU @ 2.20GHz, 12.5 GB. Sampled every 100 ms with pidusage: 199 taken, 0 missed. 1 MB is 1,000,000 bytes.",
    );
  });

  test("says that bytes were not counted, and shows no chart of them", () => {
    const run = { ...sampleRun(), sockets: [], connections: [] };
    const summary = summaryMarkdown({ ...run, countsBytes: false });
    expect(summary).toContain("Bytes were not counted: the scenario omits it.");
    expect(summary).not.toContain("network.png");
    expect(summaryMarkdown(run)).toContain("No connection was seen.");
  });

  test("shows the CPU and memory of each process", () => {
    const run = sampleRun();
    const samples = [10, 30].map((cpuPercent, index) => ({
      timeMs: index * 100,
      cpuPercent,
      rssBytes: 50_000_000 + index * 1_250_000,
      processCount: 1,
    }));
    const [server, alan, beto] = run.processes;
    const processes = [
      { ...server!, samples },
      { ...alan!, samples: [], endedAtMs: 10, exitCode: null, signal: "SIGKILL" },
      { ...beto!, samples, endedAtMs: null },
    ];
    expect(summaryMarkdown({ ...run, processes })).toContain(
      `| Process | Samples | CPU mean | CPU max | Memory max | End |
| --- | ---: | ---: | ---: | ---: | --- |
| server | 2 | 20 % | 30 % | 51.3 MB | exit 0 |
| alan | 0 | – | – | – | SIGKILL |
| beto | 2 | 20 % | 30 % | 51.3 MB | still running |
`,
    );
  });

  test("shows figures with a cell in the tables they name, and the others line by line", () => {
    const figure = (value: number, row: string, column: string) => ({
      name: `${row} ${column}`,
      unit: "ms",
      values: [value],
      cell: { table: "login", row, column },
    });
    const figures = [
      figure(1.5, "CPU", "alone"),
      figure(2, "CPU", "shared"),
      figure(3, "wait", "shared"),
      { name: "all", unit: "/s", values: [7] },
    ];
    const summary = summaryMarkdown(sampleRun({ figures }));
    expect(summary).toContain("| login | alone | shared |");
    expect(summary).toContain(`
| CPU | 1.5 ms | 2 ms |
| wait | – | 3 ms |
`);
    expect(summary).toContain("| all | 7 /s |  | 1 |");
    expect(summary).not.toContain("CPU alone");
  });

  test("shows what measuring cost", () => {
    const overhead = {
      harnessCpuPercent: 1.25,
      ticksMissed: 3,
      scheduleErrorMs: { p50: 0.4, p99: 1.26, max: 7 },
      clockResolutionMs: 0.00012,
      probes: [{ processId: "server", workMs: 12.34 }],
    };
    const capture = { packets: 9, packetsDropped: 2, problem: null };
    expect(summaryMarkdown(sampleRun({ overhead, capture, durationMs: 1_000 }))).toContain(
      `| CPU of fiel | 1.3 % of a core |
| Probe in server | 12.3 ms, 1.23 % of a core |
| Ticks missed | 3 |
| Schedule error p50 / p99 / max | 0.4 / 1.3 / 7.0 ms |
| Clock resolution | 120 ns |
| Packets that the capture dropped | 2 |
`,
    );
  });

  test("adds up bytes by flow and direction, with the residuals", () => {
    const [first] = sampleRun().connections;
    const passed = (writtenBytes: number | null, readBytes: number | null) => ({
      writtenBytes,
      readBytes,
      residualBytes: writtenBytes === null || readBytes === null ? null : writtenBytes - readBytes,
    });
    const connections = [
      { ...first!, flow: "moves", dialerToAcceptor: passed(1_000, 990), acceptorToDialer: passed(5, 5) },
      { ...first!, flow: "moves", dialerToAcceptor: passed(200, 203), acceptorToDialer: passed(0, 0) },
      { ...first!, flow: "delay", dialerToAcceptor: passed(null, 7), acceptorToDialer: passed(9, null) },
    ];
    const flows = [
      { name: "moves", label: "Moves" },
      { name: "delay", label: "Delay" },
    ];
    expect(summaryMarkdown(sampleRun({ connections, flows }))).toContain(
      `| Flow | Connections | Dialer → acceptor | Acceptor → dialer | Total | Residual |
| --- | ---: | ---: | ---: | ---: | ---: |
| Moves | 2 | 1,200 | 5 | 1,205 | 13 |
| Delay | 1 | 7 | 9 | 16 | – |
| **Total** | 3 | 1,207 | 14 | 1,221 | 13 |
`,
    );
  });

  test("of a failed run shows the failure, the last output, and the advice of failed checks", () => {
    const [check] = sampleRun().checks;
    const summary = summaryMarkdown(
      sampleRun({
        status: "failed",
        failure: {
          message: "expected /listening/ within 5 s",
          processId: "server",
          lastOutput: ["port `3000`", "is in use"],
        },
        checks: [{ ...check!, passed: false, value: 95 }],
      }),
    );
    expect(summary).toContain("## ❌ Match: failed");
    expect(summary).toContain(
      "expected /listening/ within 5 s\n\nLast lines of `server`:\n\n```text\nport `3000`\nis in use\n```\n",
    );
    expect(summary).toContain(
      "| ❌ | the server's memory | 95 MB | 90 MB | look for what is kept for each connection |",
    );
  });

  test("lists the events, and says how many are left out", () => {
    expect(summaryMarkdown(sampleRun())).toContain("| 1.90 | alan | login | alan says: login |");
    const event = sampleRun().events[0]!;
    const many = summaryMarkdown(sampleRun({ events: new Array(MAX_ROWS + 7).fill(event) }));
    expect(many).toContain("\n7 more are in result.json.\n");
  });

  test("shows each chart", () => {
    const summary = summaryMarkdown(sampleRun());
    for (const name of ["server", "alan", "beto", "network"])
      expect(summary).toContain(`![${name}](${name}.png)`);
  });

  test("treats nothing that a program printed as markup", () => {
    const event = { ...sampleRun().events[0]!, text: "<img src=x> | **bold** [link](x)\nnew line" };
    expect(summaryMarkdown(sampleRun({ events: [event] }))).toContain(
      "\\<img src=x\\> \\| \\*\\*bold\\*\\* \\[link\\](x) new line |",
    );
  });
});

test("The fence of a code block is longer than any run of backticks in it", () => {
  expect(codeBlock(["````"])).toBe("`````text\n````\n`````\n");
});

test("A column of numbers is aligned right, one of text left", () => {
  expect(table(["Name", "Bytes"], [["a", 12345]])).toBe("| Name | Bytes |\n| --- | ---: |\n| a | 12,345 |\n");
});
