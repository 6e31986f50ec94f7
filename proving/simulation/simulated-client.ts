// The shipped client in one simulated process.
import { Client } from "../../src/client/client.ts";
import type { Notice } from "../../src/client/session/notice.ts";
import type { Keeper } from "../../src/client/world.ts";
import type { SignatureScheme } from "../../src/game/signature.ts";
import type { Chance } from "../../src/shared/chance/chance.ts";
import { clientNetwork } from "./client-network.ts";
import { randomBytesFrom } from "./random-bytes.ts";
import { MAIN_PORT, SERVER_HOST } from "./simulated-server.ts";
import { addressOf, type VirtualNetwork } from "./virtual-network.ts";
import type { VirtualProcess } from "./virtual-process.ts";

export interface ClientParts {
  process: VirtualProcess;
  network: VirtualNetwork;
  chance: Chance;
  signatures: SignatureScheme;
  keeper: Keeper;
  onNotice(notice: Notice): void;
  /** No server can be reached at the start: the program ends. */
  onUnreachable(): void;
}

export function newClient(parts: ClientParts): Client {
  const { process, network, chance, signatures, keeper } = parts;
  const { newPrivateKey, signer, verify } = signatures;
  const world = {
    clock: process,
    random: { bytes: randomBytesFrom(chance), fraction: chance.fraction },
    network: clientNetwork(network, process),
    trust: { judge: () => ({ kind: "known" }) as const },
    newPrivateKey,
    signer,
    verify,
  };
  const server = { host: addressOf(SERVER_HOST), port: MAIN_PORT };
  return new Client(
    world,
    { server, gamePort: 0, pingPort: 0, keeper },
    {
      onNotice: (notice) => process.run(() => parts.onNotice(notice)),
      onChange: () => {},
      onUnreachable: parts.onUnreachable,
    },
  );
}
