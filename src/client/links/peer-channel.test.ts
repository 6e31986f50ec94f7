import { expect, it } from "vitest";
import { RawConnection } from "../../../test/wire/raw-connection.ts";
import { ed25519Signer, ed25519Verify, newPrivateKey } from "../../game/signature.ts";
import { signTicket } from "../../game/ticket.ts";
import { dial, dialTls } from "../../net/dial.ts";
import { listenForPeer } from "../../net/peer-listener.ts";
import { ManualClock } from "../../shared/clock/manual-clock.fixture.ts";
import { systemRandom } from "../real-world.ts";
import { openMatch } from "../session/match-play.ts";
import { PeerChannel } from "./peer-channel.ts";

const MATCH_ID = "AAAAAAAAAAAAAAAA";

function betosMatch() {
  const server = ed25519Signer(newPrivateKey());
  const beto = ed25519Signer(newPrivateKey());
  const players = {
    inviter: "alan",
    inviterKey: server.publicKey,
    invitee: "beto",
    inviteeKey: beto.publicKey,
  };
  const ticket = signTicket({ matchId: MATCH_ID, ...players, issuedAtSeconds: 1 }, server);
  const match = openMatch(ticket, server.publicKey, "beto", beto, ed25519Verify);
  if (!match) throw new Error("the ticket is not valid");
  return match;
}

it("lets a new connection try to join, however many unauthenticated ones are open", async () => {
  const ignore = () => {};
  const channel = new PeerChannel(
    "game",
    {
      clock: new ManualClock(),
      random: systemRandom,
      network: { dial, dialTls, listenForPeer },
      trust: { judge: () => ({ kind: "known" }) },
      newPrivateKey,
      signer: ed25519Signer,
      verify: ed25519Verify,
    },
    { onJoined: ignore, onLine: ignore, onLost: ignore, onFailed: ignore },
  );
  const listener = await listenForPeer({
    gamePort: 0,
    pingPort: 0,
    maxLineBytes: 4_096,
    onConnection: (_flow, connection) => {
      const { handlers, attach } = channel.candidate();
      attach(connection);
      handlers.onOpen();
      return handlers;
    },
  });
  channel.open(betosMatch());

  const strangers: RawConnection[] = [];
  for (let count = 0; count < 40; count += 1) {
    const stranger = await RawConnection.open(listener.gamePort);
    strangers.push(stranger);
    await stranger.sees(`join;game;${MATCH_ID};beto;<nonce>`);
  }
  await strangers[0]?.seesClose();
  const newcomer = await RawConnection.open(listener.gamePort);
  const greeting = await newcomer.sees(`join;game;${MATCH_ID};beto;<nonce>`);
  expect(greeting).toHaveProperty("nonce");

  channel.close();
  listener.close();
  for (const connection of [...strangers, newcomer]) connection.close();
});
