import { describe, expect, it, vi } from "vitest";
import { LiveProgress, type Screen } from "./live-progress.ts";

class RecordingScreen implements Screen {
  readonly isTTY: boolean;
  readonly columns = 60;
  text = "";

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.text += text;
  }
}

function playTo(screen: Screen): void {
  const progress = new LiveProgress(screen, 10_000);
  const sample = { timeMs: 1, cpuPercent: 12.5, rssBytes: 50_000_000, processCount: 1 };
  progress.phase("start", 0);
  progress.now(100, [{ id: "server", sample, bytesWritten: 1_234, bytesRead: 56 }]);
  progress.event({
    timeMs: 1_250,
    processId: "server",
    name: "listening",
    label: "listening",
    text: "Listening on 7",
  });
  progress.now(1_300, [{ id: "server", sample: null, bytesWritten: 1_234, bytesRead: 56 }]);
  progress.finish();
}

describe("live progress", () => {
  it("writes one plain line for each phase and event without a terminal", () => {
    const screen = new RecordingScreen(false);
    playTo(screen);
    expect(screen.text).toBe("   0.0 s  ── start\n   1.3 s  server: Listening on 7\n");
  });

  it("redraws a view of each process in place in a terminal, below the lines", () => {
    const screen = new RecordingScreen(true);
    playTo(screen);
    const view = "\n0.1 s of 10.0 s  start\n  server   13 %   50.0 MB   sent 1.2 kB   received 56 B\n";
    const erase = "\x1b[3A\r\x1b[J";
    expect(screen.text).toContain(`── start\n${view}${erase}   1.3 s  server: Listening on 7\n`);
    expect(screen.text.endsWith(erase)).toBe(true);
  });

  it("writes plain lines in a terminal that cannot move its cursor", () => {
    vi.stubEnv("TERM", "dumb");
    const screen = new RecordingScreen(true);
    playTo(screen);
    vi.unstubAllEnvs();
    expect(screen.text).toBe("   0.0 s  ── start\n   1.3 s  server: Listening on 7\n");
  });

  it("never draws wider than the terminal, because redrawing would miss wrapped lines", () => {
    const screen = new RecordingScreen(true);
    const progress = new LiveProgress(screen, 1_000);
    progress.now(0, [{ id: "x".repeat(200), sample: null, bytesWritten: 0, bytesRead: 0 }]);
    expect(Math.max(...screen.text.split("\n").map((line) => line.length))).toBeLessThan(60);
  });
});
