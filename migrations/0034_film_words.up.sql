-- What leads through a lesson's video: its chapters, in order, each {"at": seconds, "title": text}.
alter table lesson_version_files
    add column chapters jsonb not null default '[]',
    add constraint lesson_version_files_chapters_check
        check (case jsonb_typeof(chapters) when 'array' then jsonb_array_length(chapters) <= 100 and (role = 'video' or chapters = '[]') else false end),
    add constraint lesson_version_files_captions_language_check check (role = 'captions' or language = '');

-- Free lessons show files. How far the work on a video is concerns nobody else.
create trigger lesson_version_files_drop_caches after insert or update or delete or truncate on lesson_version_files
    for each statement execute function drop_caches();
create trigger file_videos_drop_caches after insert or update of state, seconds, poster_sha256 or delete or truncate on file_videos
    for each statement execute function drop_caches();
create trigger file_video_sizes_drop_caches after insert or update or delete or truncate on file_video_sizes
    for each statement execute function drop_caches();
