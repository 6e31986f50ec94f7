// Which language to speak: the one asked for, else the environment's, else English.
import { en } from "./en.ts";
import { ptBr } from "./pt-BR.ts";
import type { Texts } from "./texts.ts";

export const languages = { en, "pt-BR": ptBr } satisfies Record<string, Texts>;

export type Language = keyof typeof languages;

/** As in other programs, the first of the three variables that is set decides. */
export function languageOf(environment: Record<string, string | undefined>): Language {
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || "";
  return /^pt(?![a-z])/i.test(locale) ? "pt-BR" : "en";
}
