drop trigger file_video_sizes_drop_caches on file_video_sizes;
drop trigger file_videos_drop_caches on file_videos;
drop trigger lesson_version_files_drop_caches on lesson_version_files;
alter table lesson_version_files
    drop constraint lesson_version_files_captions_language_check,
    drop constraint lesson_version_files_chapters_check,
    drop column chapters;
