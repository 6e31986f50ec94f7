// A notice as text, in a language and a style.
import { withHarmlessTexts } from "../../shared/text/harmless.ts";
import type { Notice } from "../session/notice.ts";
import type { SaidNotice, Texts } from "../texts/texts.ts";
import { drawBoard, drawLeaders, drawUsers } from "./draw.ts";
import type { Style } from "./style.ts";

type Tone = "good" | "bad" | "dim" | "bold" | "accent";

const tones: Partial<Record<Notice["kind"], Tone>> = {
  connected: "dim",
  "first-use": "dim",
  "certificate-changed": "bad",
  "certificate-expired": "bad",
  "secure-failed": "bad",
  "server-lost": "accent",
  "server-back": "good",
  "server-given-up": "bad",
  reconnecting: "dim",
  replaced: "bad",
  "session-ended": "bad",
  "user-created": "good",
  "logged-in": "good",
  "password-changed": "good",
  resumed: "good",
  "not-kept": "bad",
  "action-not-kept": "bad",
  "cannot-restore": "bad",
  "match-resumed": "bold",
  "match-unknown": "accent",
  "cannot-listen-again": "accent",
  "server-refused": "bad",
  "out-of-place": "bad",
  illegal: "bad",
  inviting: "dim",
  invited: "bold",
  rematch: "bold",
  "match-started": "bold",
  "your-move": "accent",
  waiting: "dim",
  "rematch-waits": "dim",
  "rematch-withdrawn": "dim",
  "peer-lost": "accent",
  "peer-gone": "bad",
  "opponent-idle": "accent",
};

/** `columns`: the width of the terminal. What came from elsewhere is made harmless first. */
export function renderNotice(told: Notice, texts: Texts, style: Style, columns?: number): string {
  const notice = withHarmlessTexts(told);
  switch (notice.kind) {
    case "board": {
      const board = drawBoard(notice.board, notice.last, style, columns);
      return style.isPlain ? board : `\n${board}\n`;
    }
    case "users":
      return drawUsers(notice.users, notice.self, texts, style);
    case "leaders":
      return drawLeaders(notice.scores, notice.self, texts, style);
    case "result":
      return resultTone(notice.outcome, style)(texts.notices.result(notice));
    default: {
      // The kind selects the text for this notice; TypeScript cannot see that in an indexed table.
      const say = texts.notices[notice.kind] as (notice: Extract<Notice, { kind: SaidNotice }>) => string;
      const tone = tones[notice.kind];
      return tone ? eachLine(say(notice), style[tone]) : say(notice);
    }
  }
}

function resultTone(outcome: string, style: Style): (text: string) => string {
  if (outcome === "WIN") return (text) => style.bold(style.good(text));
  return outcome === "LOST" ? style.bad : style.accent;
}

function eachLine(text: string, paint: (line: string) => string): string {
  return text.split("\n").map(paint).join("\n");
}
