drop table search_documents;
drop table lesson_notes;
