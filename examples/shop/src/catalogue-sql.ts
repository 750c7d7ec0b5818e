/** How much is generated. Small numbers make quick tests. */
export interface CatalogueSize {
  readonly products: number;
  readonly categories: number;
  readonly brands: number;
  /** Spread unevenly: few products have many. */
  readonly reviews: number;
}

export const FULL_SIZE: CatalogueSize = { products: 50_000, categories: 40, brands: 400, reviews: 100_000 };

const TABLES = `
create table category (id int primary key, name text not null);
create table brand (id int primary key, name text not null, country text not null);
create table product (
  id int primary key,
  name text not null,
  category_id int not null,
  brand_id int not null,
  price numeric(10, 2) not null,
  stock int not null,
  created_at timestamptz not null
);
create table review (product_id int not null, stars smallint not null);`;

/** The indexes a careful owner would have: the demo must not win against a neglected database. */
const INDEXES = `
create index on product (category_id, price);
create index on review (product_id);
analyze;`;

/**
 * Statements that make the catalogue. The rows are made inside the database by its own generator, which the seed sets:
 * the same seed gives the same catalogue.
 */
export function catalogueSql(seed: number, size: CatalogueSize): string {
  const { products, categories, brands, reviews } = size;
  return `${TABLES}
select setseed(${(seed % 1_000_000) / 1_000_000});

insert into category
select i, (array['Lamps', 'Chairs', 'Tables', 'Kettles', 'Knives', 'Bikes', 'Tents', 'Boots'])[1 + (i - 1) % 8]
  || ', ' || (array['basic', 'classic', 'outdoor', 'studio', 'travel'])[1 + (i - 1) / 8 % 5]
from generate_series(1, ${categories}) i;

insert into brand
select i, 'Brand ' || i, (array['DE', 'FR', 'IT', 'SE'])[1 + i % 4] from generate_series(1, ${brands}) i;

insert into product
select i, 'Product ' || i,
  1 + floor(${categories} * random())::int,
  1 + floor(${brands} * random())::int,
  round((5 + 200 * exp(1.5 * (random() + random() + random() - 1.5)))::numeric, 2),
  1000 + floor(500 * random())::int,
  timestamptz '2026-01-01 00:00:00+00' - random() * interval '1500 days'
from generate_series(1, ${products}) i;

insert into review
select 1 + floor(${products} * random() ^ 2)::int, 1 + floor(5 * sqrt(random()))::int
from generate_series(1, ${reviews}) i;
${INDEXES}`;
}
