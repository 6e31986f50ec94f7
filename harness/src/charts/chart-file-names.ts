// The names of the charts' files, apart from the drawing code: a link needs the name alone, and that code is large.
export const NETWORK_CHART = "network.png";

/** `<process id>.png`, kept to letters that any file system takes and never a name already taken. */
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
