// Writes a table as Parquet with DuckDB, which the command line reads it with.

import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";

export interface ParquetColumn {
  readonly name: string;
  readonly type: "TINYINT" | "SMALLINT" | "FLOAT";
  readonly of: (row: number) => number;
}

export async function writeParquet(
  file: URL,
  rows: number,
  columns: readonly ParquetColumn[],
): Promise<void> {
  // One thread and one row group: with more the bytes would depend on the machine.
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    const declared = columns.map(({ name, type }) => `"${name}" ${type}`).join(", ");
    await connection.run(`CREATE TABLE rows (${declared})`);
    const appender = await connection.createAppender("rows");
    for (let row = 0; row < rows; row++) {
      for (const { type, of } of columns) {
        if (type === "TINYINT") appender.appendTinyInt(of(row));
        else if (type === "SMALLINT") appender.appendSmallInt(of(row));
        else appender.appendFloat(of(row));
      }
      appender.endRow();
    }
    appender.closeSync();
    const path = fileURLToPath(file).replaceAll("'", "''");
    await connection.run(
      `COPY rows TO '${path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${Math.max(rows, 2048)})`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
