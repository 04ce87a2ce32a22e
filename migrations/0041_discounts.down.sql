drop function orders_found(text, bigint, text, text);
alter table orders drop column discount_id;
drop table discount_courses;
drop table discount_codes;
