// What a check of the history against the store can find.

export interface Finding {
  /** `lost`: acknowledged, and missing. `doubled`: counted more than once. `false`: neither, and yet not so. */
  readonly kind: "lost" | "doubled" | "false";
  readonly what: string;
}

export function finding(kind: Finding["kind"], what: string): Finding {
  return { kind, what };
}
