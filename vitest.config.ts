import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "harness/**/*.test.ts", "scenarios/**/*.test.ts", "test/**/*.test.ts"],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Real servers, sockets and processes on two cores: more workers only make them wait for each other.
    maxWorkers: 2,
  },
});
