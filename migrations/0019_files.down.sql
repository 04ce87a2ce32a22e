drop table uploads;
drop table lesson_version_files;
drop table file_pictures;
-- What only this version knows goes; photographs stay, each under the key of its first part.
delete from files where kind <> 'avatar';
alter table files
    drop constraint files_dimensions_check,
    drop column placeholder,
    drop column height,
    drop column width,
    add column storage_key text,
    add column size_bytes bigint constraint files_size_check check (size_bytes >= 0),
    drop constraint files_kind_check,
    add constraint files_kind_check check (kind in ('avatar'));
drop index files_created_at_idx;
update files f set storage_key = b.parts[1], size_bytes = b.size_bytes from file_blobs b where b.sha256 = f.sha256;
-- A key names one row: of several photographs with the same bytes the newest is kept.
update users u set photo_file_id = null from files f
where u.photo_file_id = f.id and exists (select from files o where o.storage_key = f.storage_key and o.id > f.id);
delete from files f where exists (select from files o where o.storage_key = f.storage_key and o.id > f.id);
alter table files
    alter column storage_key set not null,
    alter column size_bytes set not null,
    add constraint files_storage_key_unique unique (storage_key);
drop index files_sha256_idx;
alter table files drop constraint files_sha256_fkey;
drop table file_blobs;
