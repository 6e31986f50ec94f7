// Calls back when this process or thread ends on its own: the last moment for a report. The program's own `exit`
// listeners have run by then, and what they wrote is counted. It adds no listener, because a program may count or remove
// listeners.
import { replaceMethod } from "./replace-method.ts";

type Act = (...args: unknown[]) => unknown;
type Inner = Record<"emit" | "reallyExit" | "abort" | "kill", Act>;

export interface EndListener {
  /** It ends now, after this returns. */
  ends(): void;
  /** It may end now: it sends itself a signal. */
  mayEnd(): void;
  /** A worker thread was made. */
  threadStarted(threadId: number): void;
}

export function watchEnd(listener: EndListener): void {
  const inner = process as unknown as Inner;
  let isReported = false;
  replaceMethod(inner, "emit", (original) => {
    return function (this: unknown, ...args) {
      const [event, value] = args;
      if (event === "worker") listener.threadStarted((value as { threadId: number }).threadId);
      if (event !== "exit") return original.apply(this, args);
      isReported = false;
      try {
        return original.apply(this, args);
      } finally {
        listener.ends();
        isReported = true;
      }
    };
  });
  // Also where an `exit` listener exits.
  for (const name of ["reallyExit", "abort"] as const) {
    replaceMethod(inner, name, (original) => {
      return function (this: unknown, ...args) {
        if (!isReported) listener.ends();
        return original.apply(this, args);
      };
    });
  }
  replaceMethod(inner, "kill", (original) => {
    return function (this: unknown, ...args) {
      const [pid, signal] = args;
      if (Number(pid) === process.pid && signal !== 0) listener.mayEnd();
      return original.apply(this, args);
    };
  });
}
