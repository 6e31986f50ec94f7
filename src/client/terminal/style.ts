// How text looks: plain ASCII for scripts, lines and colours in a terminal, lines alone where colours are not wanted.
import { styleText } from "node:util";

export interface Style {
  /** Nothing but ASCII, and no empty lines for the eye. */
  readonly isPlain: boolean;
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  accent(text: string): string;
  x(text: string): string;
  o(text: string): string;
}

type Format = Parameters<typeof styleText>[0];

/** `environment` may ask for no colours: NO_COLOR (no-color.org), or a terminal that has none. */
export function styleOf(isTerminal: boolean, environment: Record<string, string | undefined>): Style {
  const hasColours = isTerminal && !environment.NO_COLOR && environment.TERM !== "dumb";
  const painted = (format: Format) => (text: string) =>
    hasColours ? styleText(format, text, { validateStream: false }) : text;
  return {
    isPlain: !isTerminal,
    bold: painted("bold"),
    dim: painted("dim"),
    good: painted("green"),
    bad: painted("red"),
    accent: painted("yellow"),
    x: painted(["bold", "cyan"]),
    o: painted(["bold", "magenta"]),
  };
}

export const plainStyle: Style = styleOf(false, {});
