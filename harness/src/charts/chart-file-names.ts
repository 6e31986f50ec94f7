// The file names of charts, separate from the drawing code, which is large and which links do not need.
export const NETWORK_CHART = "network.png";

/** `<process id>.png`, with characters that every file system accepts, and unique. */
export function chartFileNames(processIds: string[], others: string[] = []): string[] {
  const taken = new Set([NETWORK_CHART, ...others]);
  return processIds.map((id) => {
    const stem = id.replace(/[^\w.-]+/g, "-").replace(/^\.+/, "") || "process";
    let name = `${stem}.png`;
    for (let next = 2; taken.has(name.toLowerCase()); next++) name = `${stem}-${next}.png`;
    taken.add(name.toLowerCase());
    return name;
  });
}
