// What a language has to say. Each language has the same keys, by type.
import type { ErrorCode } from "../../protocol/errors.ts";
import type { Parameter, Word } from "../commands.ts";
import type { Notice } from "../session/notice.ts";

type NoticeOf<K extends Notice["kind"]> = Extract<Notice, { kind: K }>;
/** These are drawn, not said. */
export type DrawnNotice = "board" | "users" | "leaders";
export type SaidNotice = Exclude<Notice["kind"], DrawnNotice>;

export interface Texts {
  notices: { [K in SaidNotice]: (notice: NoticeOf<K>) => string };
  errors: Record<ErrorCode, string>;
  help: Record<Word, string>;
  parameters: Record<Parameter, string>;
  /** The prompt at a question. */
  yesNo: string;
  /** What stands under a question where there is no prompt; null when the question itself says it. */
  yesNoLine: string | null;
  /** The prompt at a question whose answer is no unless the user says yes, and the questions. */
  noYes: string;
  confirmEnd(opponent: string): string;
  confirmExit(opponent: string): string;
  /** Answers, in lower case. */
  yes: readonly string[];
  no: readonly string[];
  usersTitle: string;
  leadersTitle: string;
  free: string;
  playing: string;
  you: string;
  helpTitle: string;
  /** In a terminal, after the first connection. */
  helpHint: string;
  /** In a terminal, before the first connection. */
  connecting(server: string): string;
  goodbye: string;
  answerYesOrNo: string;
  passwordOf(user: string): string;
  newPasswordOf(user: string): string;
  oldPassword: string;
  newPassword: string;
  repeatPassword: string;
  passwordsDiffer: string;
  unknownCommand(word: string, suggestion: string | null): string;
  usage(usage: string): string;
  /** After the usage of a command with passwords that got too many words. */
  leaveSecretsOut: string;
  badUser: string;
  badSquare: string;
  /** Logins that can continue, and whether each has a match. */
  whichSession(sessions: readonly { user: string; hasMatch: boolean }[]): string;
  numberOrNone: string;
  badNumber(highest: number): string;
  sessionTaken(user: string): string;
  unreachable(server: string, reason: string): string;
}
