-- Files by content: the same bytes lie in storage once. An upload arrives in parts of one size (the last may be smaller), and its parts
-- become the blob's without being copied. What a lesson shows is said of each version of it.

create table file_blobs (
    sha256 bytea not null constraint file_blobs_sha256_check check (octet_length(sha256) = 32),
    size_bytes bigint not null constraint file_blobs_size_check check (size_bytes >= 0),
    -- Keys in storage, in order.
    parts text[] not null,
    part_bytes bigint not null constraint file_blobs_part_bytes_check check (part_bytes > 0),
    created_at timestamptz not null,
    constraint file_blobs_pkey primary key (sha256)
);
create index file_blobs_created_at_idx on file_blobs (created_at);
insert into file_blobs (sha256, size_bytes, parts, part_bytes, created_at)
select distinct on (sha256) sha256, size_bytes, array[storage_key], greatest(size_bytes, 1), created_at from files order by sha256, created_at;

alter table files
    drop constraint files_kind_check,
    add constraint files_kind_check check (kind in ('avatar', 'attachment', 'picture', 'video', 'captions')),
    add constraint files_sha256_fkey foreign key (sha256) references file_blobs (sha256) on delete restrict,
    drop column storage_key,
    drop column size_bytes,
    -- Of a picture, as it is shown: after its orientation was applied. Without them it is not measured (yet), or can't be.
    add column width integer constraint files_width_check check (width > 0),
    add column height integer constraint files_height_check check (height > 0),
    -- A tiny blurred copy, as a `data:` address.
    add column placeholder text not null default '' constraint files_placeholder_check check (char_length(placeholder) <= 4000),
    add constraint files_dimensions_check check ((width is null) = (height is null));
create index files_sha256_idx on files (sha256);
create index files_created_at_idx on files (created_at);

-- A picture in a size for screens.
create table file_pictures (
    file_id uuid not null constraint file_pictures_file_id_fkey references files (id) on delete cascade,
    width integer not null constraint file_pictures_width_check check (width > 0),
    height integer not null constraint file_pictures_height_check check (height > 0),
    content_type text not null,
    sha256 bytea not null constraint file_pictures_sha256_fkey references file_blobs (sha256) on delete restrict,
    constraint file_pictures_pkey primary key (file_id, width)
);
create index file_pictures_sha256_idx on file_pictures (sha256);

-- Files of a lesson's text. A new draft begins with those of the published version.
create table lesson_version_files (
    lesson_version_id uuid not null constraint lesson_version_files_version_fkey references lesson_versions (id) on delete cascade,
    file_id uuid not null constraint lesson_version_files_file_id_fkey references files (id) on delete restrict,
    role text not null constraint lesson_version_files_role_check check (role in ('attachment', 'picture', 'video', 'captions')),
    position integer not null,
    title text not null default '' constraint lesson_version_files_title_check check (char_length(title) <= 200),
    -- Of captions: a BCP 47 code.
    language text not null default '' constraint lesson_version_files_language_check check (char_length(language) <= 35),
    constraint lesson_version_files_pkey primary key (lesson_version_id, file_id)
);
create index lesson_version_files_file_id_idx on lesson_version_files (file_id);

-- Uploads that go on (tus): a chunk counts once its part is stored and said so here.
create table uploads (
    id uuid not null constraint uploads_pkey primary key,
    owner_id uuid not null constraint uploads_owner_id_fkey references users (id) on delete restrict,
    kind text not null constraint uploads_kind_check check (kind in ('attachment', 'picture', 'video', 'captions')),
    -- Into whose draft it goes.
    lesson_id uuid not null constraint uploads_lesson_id_fkey references lessons (id) on delete cascade,
    file_name text not null,
    size_bytes bigint not null constraint uploads_size_check check (size_bytes >= 0),
    received_bytes bigint not null default 0,
    -- Of SHA-256 over what was received, to go on with.
    hash_state bytea not null,
    parts text[] not null default '{}',
    -- Who writes to it now; nobody else may until then.
    lease_id uuid,
    leased_until timestamptz,
    -- What it became.
    file_id uuid constraint uploads_file_id_fkey references files (id) on delete set null,
    finished_at timestamptz,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint uploads_received_check check (received_bytes between 0 and size_bytes),
    constraint uploads_lease_check check ((lease_id is null) = (leased_until is null))
);
create index uploads_owner_id_idx on uploads (owner_id);
create index uploads_lesson_id_idx on uploads (lesson_id);
create index uploads_file_id_idx on uploads (file_id);
create index uploads_expires_at_idx on uploads (expires_at);
-- Bytes that nothing knows of are looked for by their key.
create index file_blobs_parts_idx on file_blobs using gin (parts);
create index uploads_parts_idx on uploads using gin (parts);
