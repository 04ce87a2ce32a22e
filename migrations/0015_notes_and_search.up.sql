-- A learner's own notes in lessons, and the documents that are searched.

create table lesson_notes (
    -- Made with the form, so that a double press writes once.
    id uuid primary key,
    user_id uuid not null constraint lesson_notes_user_id_fkey references users (id) on delete cascade,
    course_id uuid not null constraint lesson_notes_course_id_fkey references courses (id) on delete cascade,
    lesson_id uuid not null constraint lesson_notes_lesson_id_fkey references lessons (id) on delete cascade,
    -- What is highlighted, and the words around it by which it is found again in a text that was mended.
    quote text not null constraint lesson_notes_quote_check check (char_length(quote) <= 1000),
    quote_before text not null constraint lesson_notes_quote_before_check check (char_length(quote_before) <= 100),
    quote_after text not null constraint lesson_notes_quote_after_check check (char_length(quote_after) <= 100),
    body text not null constraint lesson_notes_body_check check (char_length(body) <= 10000),
    -- Grows with every change; who changes it says which one they saw.
    version integer not null constraint lesson_notes_version_check check (version > 0),
    -- The page that wrote last, and the number of its change: one page may send several before it hears of the first.
    writer uuid not null,
    step integer not null,
    -- The note that had been changed elsewhere meanwhile. Not a reference: that one may be deleted.
    copy_of uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    -- Deleted notes can be brought back for a while.
    deleted_at timestamptz,
    constraint lesson_notes_content_check check (quote <> '' or body <> '')
);
create index lesson_notes_user_id_idx on lesson_notes (user_id, lesson_id, id);
create index lesson_notes_course_idx on lesson_notes (user_id, course_id, id);
create index lesson_notes_course_id_idx on lesson_notes (course_id);
create index lesson_notes_lesson_id_idx on lesson_notes (lesson_id);
create index lesson_notes_deleted_idx on lesson_notes (deleted_at) where deleted_at is not null;

-- One row for each thing that can be found. The vector is of the text in small letters with ё as е, which the application makes: the
-- database's own rules for letters depend on its locale. The configuration `russian` stems English words too.
create table search_documents (
    kind text not null constraint search_documents_kind_check check (kind in ('course', 'lesson', 'note')),
    subject_id uuid not null,
    -- Who alone finds it.
    owner_id uuid constraint search_documents_owner_id_fkey references users (id) on delete cascade,
    course_id uuid not null constraint search_documents_course_id_fkey references courses (id) on delete cascade,
    lesson_id uuid constraint search_documents_lesson_id_fkey references lessons (id) on delete cascade,
    -- The published version that it was made from.
    source_id uuid,
    title text not null,
    body text not null,
    vector tsvector not null,
    index_version integer not null,
    constraint search_documents_pkey primary key (kind, subject_id),
    constraint search_documents_owner_check check ((kind = 'note') = (owner_id is not null)),
    constraint search_documents_lesson_check check ((kind = 'course') = (lesson_id is null))
);
-- Read whole for every rank: not packed.
alter table search_documents alter column vector set storage external;
create index search_documents_vector_idx on search_documents using gin (vector);
create index search_documents_owner_id_idx on search_documents (owner_id);
create index search_documents_course_id_idx on search_documents (course_id);
create index search_documents_lesson_id_idx on search_documents (lesson_id);
