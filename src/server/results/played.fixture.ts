// Matches written as steps such as "11 22 endX", played and signed by the two players of game/players.fixture.ts.
import type { PlayerSymbol } from "../../game/board.ts";
import type { Action } from "../../game/match.ts";
import { alan, beto, freshTranscript } from "../../game/players.fixture.ts";
import { signAction, type Transcript } from "../../game/transcript.ts";

const signers = { X: alan, O: beto };

/** Moves are by whose turn it is, an `end` by the player whose symbol it names. */
export function played(steps: string, start: Transcript = freshTranscript()): Transcript {
  let transcript = start;
  for (const step of steps.split(" ").filter(Boolean)) {
    const isEnd = step.startsWith("end");
    const by = isEnd ? (step[3] as PlayerSymbol) : transcript.state.turn;
    const action: Action = isEnd
      ? { kind: "end", symbol: by }
      : { kind: "play", row: Number(step[0]), column: Number(step[1]) };
    const signed = signAction(transcript, by, action, signers[by]);
    if (!signed.ok) throw new Error(`${step}: ${signed.code}`);
    transcript = signed.transcript;
  }
  return transcript;
}
