import { PGlite, types } from '@electric-sql/pglite';
import { type CatalogueSize, catalogueSql, FULL_SIZE } from './catalogue-sql.js';
import type { Database } from './database.js';

/** PostgreSQL in this process (PGlite, in memory), filled with a generated catalogue. It counts what it is asked. */
export class CatalogueDatabase implements Database {
  #queries = 0;

  private constructor(private readonly postgres: PGlite) {}

  /** Starts the database and fills it. Takes two to four seconds at full size, most of it the start of PostgreSQL. */
  static async open(seed: number, size: CatalogueSize = FULL_SIZE): Promise<CatalogueDatabase> {
    // Prices have two decimals and stay far below 2^53 cents; money that is reckoned with would be kept as cents.
    const postgres = await PGlite.create({ parsers: { [types.NUMERIC]: Number } });
    await postgres.exec(catalogueSql(seed, size));
    return new CatalogueDatabase(postgres);
  }

  /** Statements run since the catalogue was made, whoever asked. */
  get queries(): number {
    return this.#queries;
  }

  async rows<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    this.#queries++;
    const { rows } = await this.postgres.query<Row>(sql, [...parameters]);
    return rows;
  }

  async close(): Promise<void> {
    await this.postgres.close();
  }
}
