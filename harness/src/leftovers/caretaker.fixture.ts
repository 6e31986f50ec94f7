// A caretaker that only remembers the process groups it watches.
import type { Caretaker } from "./caretaker.ts";

export function fakeCaretaker(groups: Set<number>): Caretaker {
  return {
    watchGroup: (pid) => groups.add(pid),
    forgetGroup: (pid) => groups.delete(pid),
    watchFolder: () => {},
    watchControlGroup: () => {},
    watchNamespace: () => {},
    forgetNamespace: () => {},
    dismiss: async () => {},
  };
}
