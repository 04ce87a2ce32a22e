-- Titles have an index of their own: where more documents hold the words than are ranked, those with the words in the title are among
-- them. Old documents get theirs when they are indexed anew.
alter table search_documents add column title_vector tsvector not null default '';
create index search_documents_title_vector_idx on search_documents using gin (title_vector);
