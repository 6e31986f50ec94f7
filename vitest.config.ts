import { defineConfig } from "vitest/config";

const isCi = process.env.CI === "true";

export default defineConfig({
  test: {
    include: ["{src,harness,scenarios,test}/**/*.test.ts"],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Real servers, sockets and processes on two cores: more workers only make them wait for each other.
    maxWorkers: 2,
    reporters: isCi ? ["default", ["json", { outputFile: "reports/tests.json" }]] : ["default"],
  },
});
