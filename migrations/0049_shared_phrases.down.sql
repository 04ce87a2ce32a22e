alter table review_phrases drop column is_shared;
