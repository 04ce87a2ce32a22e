-- Ready phrases of one curator, or of all.
alter table review_phrases add column is_shared boolean not null default false;
