// Finds ports for a run. They are taken below the range from which the system picks ports for outgoing connections,
// so that no connection of the run can take one before its server does.
import { once } from "node:events";
import { createServer } from "node:net";

const LOWEST = 20_000;
const HIGHEST = 32_000;
const ATTEMPTS = 200;

const handedOut = new Set<number>();

/** A port free now, such that the next `consecutive - 1` ports are free as well. */
export async function findFreePort(consecutive = 1): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const first = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST - consecutive));
    const ports = Array.from({ length: consecutive }, (_, index) => first + index);
    if (ports.some((port) => handedOut.has(port))) continue;
    const free = await Promise.all(ports.map(isFree));
    if (!free.every(Boolean)) continue;
    for (const port of ports) handedOut.add(port);
    return first;
  }
  throw new Error(`no ${consecutive} consecutive free ports found between ${LOWEST} and ${HIGHEST}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port);
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  await new Promise((closed) => server.close(closed));
  return true;
}
