// How the text of a command becomes a program to start. What a shell would change goes to the shell; a plain program
// with plain or simply quoted words is started as it is, so that nothing stands between it and us.

const QUOTED = /'([^']*)'|"([^"$`\\!]*)"/g;
const WORD = /(?:[^\s'"]|'[^']*'|"[^"]*")+/g;
const NEEDS_SHELL = /[|&;<>()$`\\"'*?[\]#~{}!\n]|^\w+=/;

export interface CommandWords {
  file: string;
  args: string[];
  isShell: boolean;
}

/** Null when there is no word in it. */
export function commandWords(command: string): CommandWords | null {
  const text = command.trim();
  if (NEEDS_SHELL.test(text.replace(QUOTED, "")))
    return { file: "/bin/sh", args: ["-c", text], isShell: true };
  const [file, ...args] = (text.match(WORD) ?? []).map((word) => word.replace(QUOTED, "$1$2"));
  return file ? { file, args, isShell: false } : null;
}
