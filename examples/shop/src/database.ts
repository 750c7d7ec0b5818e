/** What the shop knows of its database: it can ask it, and that is slow compared with memory. */
export interface Database {
  /** Runs one statement; `$1`, `$2`, … stand for the parameters. */
  rows<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]>;
}
