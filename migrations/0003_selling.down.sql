drop table payments;
drop table order_lines;
drop table orders;
drop table offer_items;
drop table offers;
