import { defineConfig } from "vitest/config";

const isCi = process.env.CI === "true";

export default defineConfig({
  test: {
    include: ["{src,harness/src,proving,scenarios,test}/**/*.test.ts"],
    // Far beyond what anything takes: a test that hangs, not one on a busy machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { interval: 10, timeout: 20_000 } },
    // A process and its modules anew for each file cost more than most files take. Nothing here keeps state in a module.
    isolate: false,
    // Real servers, sockets and processes: twice as many workers as two cores, as half of them wait for a process.
    maxWorkers: 4,
    reporters: isCi ? ["default", ["json", { outputFile: "reports/tests.json" }]] : ["default"],
  },
});
