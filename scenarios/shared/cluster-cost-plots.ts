// Pictures of what operations cost: CPU by setup, and what is asked of the backends.
import type { Plot } from "fiel";

export interface Kept {
  table: string;
  row: string;
  column: string;
  value: number;
}

const CPU = ["CPU, servers", "CPU, PostgreSQL", "CPU, Redis"];
const ASKED = ["round trips to PostgreSQL", "Redis commands", "messages between servers"];

/** `names`: what each operation, a table of the summary, is called below its bars. */
export function costPlots(kept: readonly Kept[], names: ReadonlyMap<string, string>): Plot[] {
  const operations = [...names.keys()];
  const x = { title: "", categories: [...names.values()] };
  const valueAt = (table: string, row: string, column: string) =>
    kept.find((each) => each.table === table && each.row === row && each.column === column)?.value ?? 0;
  const columns = [...new Set(kept.map(({ column }) => column))];
  const mostServers = columns.at(-1) ?? "";
  const bars = (label: string, heightOf: (operation: string) => number) => ({
    label,
    points: operations.map((operation, at) => ({ x: at, y: heightOf(operation) })),
  });
  return [
    {
      name: "cpu",
      title: "CPU of one operation: servers, PostgreSQL and Redis together",
      x,
      y: { title: "ms" },
      series: columns.map((column) =>
        bars(column, (operation) => CPU.reduce((sum, row) => sum + valueAt(operation, row, column), 0)),
      ),
    },
    {
      name: "asked",
      title: `What one operation asks of others, ${mostServers}`,
      x,
      y: { title: "count" },
      series: ASKED.map((row) => bars(row, (operation) => valueAt(operation, row, mostServers))),
    },
  ];
}
