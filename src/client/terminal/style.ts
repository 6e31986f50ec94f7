// Colours, or none.

export interface Style {
  readonly isPlain: boolean;
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  accent(text: string): string;
  x(text: string): string;
  o(text: string): string;
}

const same = (text: string) => text;

/** For scripts. */
export const plainStyle: Style = {
  isPlain: true,
  bold: same,
  dim: same,
  good: same,
  bad: same,
  accent: same,
  x: same,
  o: same,
};

const sgr = (on: string, off: string) => (text: string) => `\x1b[${on}m${text}\x1b[${off}m`;

export const colourStyle: Style = {
  isPlain: false,
  bold: sgr("1", "22"),
  dim: sgr("2", "22"),
  good: sgr("32", "39"),
  bad: sgr("31", "39"),
  accent: sgr("33", "39"),
  x: sgr("1;36", "22;39"),
  o: sgr("1;35", "22;39"),
};
