alter table search_documents drop column title_vector;
