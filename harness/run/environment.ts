// Describes the machine a run was measured on.
import os from "node:os";
import { projectVersion } from "../project.ts";
import type { Environment } from "../result.ts";

export function describeEnvironment(): Environment {
  const cpus = os.cpus();
  return {
    harnessVersion: projectVersion,
    nodeVersion: process.version,
    platform: process.platform,
    architecture: process.arch,
    kernel: `${os.type()} ${os.release()}`,
    cpuModel: cpus[0]?.model.trim() || "unknown",
    cpuCount: Math.max(1, cpus.length),
    memoryBytes: os.totalmem(),
  };
}
