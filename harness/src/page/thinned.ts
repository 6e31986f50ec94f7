// Keeps of too many things as many as a page has room for. Pure.
import type { RunEvent } from "../result/result.ts";

/** Evenly, from the first to the last. */
export function thinned<Thing>(things: readonly Thing[], most: number): Thing[] {
  if (things.length <= most) return [...things];
  if (most <= 1) return things.slice(0, most);
  const stride = (things.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => things[Math.round(index * stride)]!);
}

/** Rare kinds of events whole; of frequent ones an even share, in the order of time. */
export function thinnedEvents(events: readonly RunEvent[], most: number): RunEvent[] {
  if (events.length <= most) return [...events];
  const kinds = new Map<string, RunEvent[]>();
  for (const event of events)
    kinds
      .set(event.name, kinds.get(event.name) ?? [])
      .get(event.name)!
      .push(event);
  const rarestFirst = [...kinds.values()].sort((one, other) => one.length - other.length);
  let room = most;
  const kept = rarestFirst.flatMap((kind, index) => {
    const own = thinned(kind, Math.floor(room / (rarestFirst.length - index)));
    room -= own.length;
    return own;
  });
  return kept.sort((one, other) => one.timeMs - other.timeMs);
}
