// The words that can be typed at the prompt, and what follows each. Reading a line is in commands.ts.

export type Parameter = "user" | "password" | "oldPassword" | "newPassword" | "row" | "column";

/** In the order in which `help` shows them. */
export const wordParameters = {
  adduser: ["user", "password"],
  login: ["user", "password"],
  passwd: ["oldPassword", "newPassword"],
  logout: [],
  list: [],
  leaders: [],
  begin: ["user"],
  cancel: [],
  send: ["row", "column"],
  board: [],
  delay: [],
  end: [],
  leave: [],
  reconnect: [],
  help: [],
  exit: [],
} as const satisfies Record<string, readonly Parameter[]>;

export type Word = keyof typeof wordParameters;

export const words = Object.keys(wordParameters) as Word[];

export function isWord(text: string): text is Word {
  return Object.hasOwn(wordParameters, text);
}

export function isSecret(parameter: Parameter): boolean {
  return /password/i.test(parameter);
}
