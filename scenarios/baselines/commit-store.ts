// What the runtime alone can do: writes rows to an SQLite database on disk; each transaction is durable before the next one
// begins. Arguments: file, number of rows, bytes per row, rows per transaction.
import { randomBytes } from "node:crypto";
import { DatabaseSync } from "@photostructure/sqlite";

const [file = "", ...sizes] = process.argv.slice(2);
const [rows = 1, rowBytes = 1, group = 1] = sizes.map(Number);

const database = new DatabaseSync(file);
database.exec(
  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE kept (id TEXT PRIMARY KEY, row TEXT)",
);
const insert = database.prepare("INSERT INTO kept VALUES (?, ?)");
const row = "x".repeat(rowBytes);
const startMs = performance.now();
for (let kept = 0; kept < rows; kept += group) {
  database.exec("BEGIN IMMEDIATE");
  for (let index = 0; index < group; index++) insert.run(randomBytes(12).toString("hex"), row);
  database.exec("COMMIT");
}
console.log(`done ${JSON.stringify({ rowsPerSecond: (1_000 * rows) / (performance.now() - startMs) })}`);
database.close();
