/** $1: id of a product. */
export const PRODUCT = `
select p.id, p.name, c.name as category, b.name as brand, p.price, p.stock, p.created_at as "createdAt",
  r.reviews, r.rating
from product p
join category c on c.id = p.category_id
join brand b on b.id = p.brand_id
cross join lateral (
  select count(*)::int as reviews, avg(stars)::float8 as rating from review where product_id = p.id
) r
where p.id = $1`;

/** $1: id of a product. */
export const RELATED = `
select o.id, o.name, b.name as brand, o.price
from product me
join product o on o.category_id = me.category_id and o.price between me.price * 0.9 and me.price * 1.1 and o.id <> me.id
join brand b on b.id = o.brand_id
left join review r on r.product_id = o.id
where me.id = $1
group by o.id, b.id, me.id
order by count(r.product_id) desc, abs(o.price - me.price), o.id
limit 8`;

/** $1: id of a category, $2: highest price, $3: how many to leave out. */
export const SEARCH = `
select p.id, p.name, b.name as brand, p.price, (count(*) over ())::int as total
from product p
join brand b on b.id = p.brand_id
where p.category_id = $1 and p.price <= $2
order by p.price desc, p.id
limit 20 offset $3`;

/** $1: id of a category. */
export const HISTOGRAM = `
select (floor(price / 50) * 50)::int as band, count(*)::int as products
from product
where category_id = $1
group by 1
order by 1`;

/** $1: id of a product, $2: pieces sold. */
export const SELL = 'update product set stock = stock - $2 where id = $1';
