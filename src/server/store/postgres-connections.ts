// The connections to PostgreSQL: a small pool that reconnects, with a limit on every wait.
import { Pool, type PoolClient } from "pg";
import { errorText, StartupError } from "../startup-error.ts";
import { migrations } from "./postgres-schema.ts";
import { StoreError } from "./store.ts";
import { type StoreHealth, StoreTrouble } from "./store-trouble.ts";

/** Per server; this many commits can share one wait for the disk. PostgreSQL accepts 100 in all by default. */
const MAX_CONNECTIONS = 16;
const PATIENCE: PostgresPatience = { connectMs: 2_000, statementMs: 3_000, answerMs: 4_000 };
/** Held while the tables are made, so that only one of several starting servers makes them. */
const MIGRATION_LOCK = 0x76656c68;

/** The waits before a request is answered TRY_LATER. */
export interface PostgresPatience {
  /** For a free connection or a new one. */
  readonly connectMs: number;
  /** Then PostgreSQL itself cancels the statement. */
  readonly statementMs: number;
  /** Then the connection is closed. */
  readonly answerMs: number;
}

export interface Statement {
  /** Prepared once on each connection, under this name. */
  readonly name: string;
  readonly text: string;
  readonly isWrite: boolean;
}

export type Value =
  | string
  | number
  | boolean
  | null
  | readonly string[]
  | readonly number[]
  | readonly boolean[];

export class PostgresConnections {
  readonly #pool: Pool;
  readonly #trouble: StoreTrouble;

  private constructor(pool: Pool, health: StoreHealth) {
    this.#pool = pool;
    this.#trouble = new StoreTrouble(health);
    // An idle connection was lost: the pool makes a new one when it is needed.
    pool.on("error", () => {});
  }

  /** With all tables made. Throws StartupError. */
  static async open(
    url: string,
    health: StoreHealth,
    { connectMs, statementMs, answerMs }: PostgresPatience = PATIENCE,
  ): Promise<PostgresConnections> {
    const pool = new Pool({
      connectionString: url,
      application_name: "velha",
      max: MAX_CONNECTIONS,
      connectionTimeoutMillis: connectMs,
      statement_timeout: statementMs,
      query_timeout: answerMs,
      keepAlive: true,
      // Overrides a database that has it off, where acknowledged changes could be lost.
      onConnect: (client) => client.query("SET synchronous_commit = on"),
    });
    const connections = new PostgresConnections(pool, health);
    try {
      await connections.#migrate();
      return connections;
    } catch (cause) {
      await pool.end();
      if (cause instanceof StartupError) throw cause;
      throw new StartupError(
        `cannot use the database (${errorText(cause)}); start PostgreSQL, or correct --database`,
        { cause },
      );
    }
  }

  /** One round trip, and a transaction of its own. */
  async run<Row>({ name, text, isWrite }: Statement, ...values: Value[]): Promise<Row[]> {
    const use = isWrite ? "write" : "read";
    try {
      const { rows } = await this.#pool.query({ name, text, values });
      this.#trouble.end(use);
      return rows as Row[];
    } catch (cause) {
      this.#trouble.begin(`PostgreSQL: ${errorText(cause)}`, use);
      throw new StoreError(`the database did not ${name}`, { cause });
    }
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #migrate(): Promise<void> {
    const client = await this.#pool.connect();
    try {
      await client.query("BEGIN");
      await client.query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
      await bringUpToDate(client);
      await client.query("COMMIT");
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
}

async function bringUpToDate(client: PoolClient): Promise<void> {
  await client.query("CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)");
  const { rows } = await client.query<{ version: number }>("SELECT version FROM schema_version");
  const version = rows[0]?.version ?? 0;
  if (version > migrations.length)
    throw new StartupError(
      `the database was written by a newer version (schema ${version}, this one knows ${migrations.length}); update velha or name another with --database`,
    );
  if (version === migrations.length) return;
  for (const migration of migrations.slice(version)) await client.query(migration);
  await client.query("DELETE FROM schema_version");
  await client.query("INSERT INTO schema_version VALUES ($1)", [migrations.length]);
}
