// Reduces long lists to the number that a page has room for. Pure.
import type { RunEvent } from "../result/result.ts";

/** Picks items evenly, including the first and the last. */
export function thinned<Item>(items: readonly Item[], max: number): Item[] {
  if (items.length <= max) return [...items];
  if (max <= 1) return items.slice(0, max);
  const stride = (items.length - 1) / (max - 1);
  return Array.from({ length: max }, (_, index) => items[Math.round(index * stride)]!);
}

/** Keeps all events of rare kinds and an even share of frequent ones, in the order of time. */
export function thinnedEvents(events: readonly RunEvent[], max: number): RunEvent[] {
  if (events.length <= max) return [...events];
  const kinds = new Map<string, RunEvent[]>();
  for (const event of events) {
    const kind = kinds.get(event.name);
    if (kind) kind.push(event);
    else kinds.set(event.name, [event]);
  }
  const rarestFirst = [...kinds.values()].sort((one, other) => one.length - other.length);
  let room = max;
  const kept = rarestFirst.flatMap((kind, index) => {
    const own = thinned(kind, Math.floor(room / (rarestFirst.length - index)));
    room -= own.length;
    return own;
  });
  return kept.sort((one, other) => one.timeMs - other.timeMs);
}
