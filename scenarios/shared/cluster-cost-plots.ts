// Plots of what operations cost: CPU by setup, and requests to the backends.
import type { Plot } from "fiel";

export interface CostCell {
  table: string;
  row: string;
  column: string;
  value: number;
}

const CPU = ["CPU, servers", "CPU, PostgreSQL", "CPU, Redis"];
const REQUESTS = ["round trips to PostgreSQL", "Redis commands", "messages between servers"];

/** `names`: the label below the bars for each operation, which is a table of the summary. */
export function costPlots(cells: readonly CostCell[], names: ReadonlyMap<string, string>): Plot[] {
  const operations = [...names.keys()];
  const x = { title: "", categories: [...names.values()] };
  const valueAt = (table: string, row: string, column: string) =>
    cells.find((each) => each.table === table && each.row === row && each.column === column)?.value ?? 0;
  const columns = [...new Set(cells.map(({ column }) => column))];
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
      name: "requests",
      title: `Requests of one operation to backends and other servers, ${mostServers}`,
      x,
      y: { title: "count" },
      series: REQUESTS.map((row) => bars(row, (operation) => valueAt(operation, row, mostServers))),
    },
  ];
}
