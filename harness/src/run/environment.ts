// Describes the machine a run was measured on.
import os from "node:os";
import { packageVersion } from "../own-package.ts";
import type { Environment } from "../result/result.ts";

export function describeEnvironment(): Environment {
  const cpus = os.cpus();
  return {
    harnessVersion: packageVersion,
    nodeVersion: process.version,
    platform: process.platform,
    architecture: process.arch,
    kernel: `${os.type()} ${os.release()}`,
    cpuModel: cpus[0]?.model.trim() || "unknown",
    cpuCount: Math.max(1, cpus.length),
    memoryBytes: os.totalmem(),
  };
}
