-- What is known of an uploaded video, and what is made of it for slow lines: a film in some sizes, each one file whose playlist (HLS)
-- names its pieces by their place in it.
create table file_videos (
    file_id uuid not null constraint file_videos_file_id_fkey references files (id) on delete cascade,
    -- plain: it plays as it was uploaded, since this server has no ffmpeg. failed: it can't be read, or not be made smaller.
    state text not null constraint file_videos_state_check check (state in ('waiting', 'running', 'ready', 'plain', 'failed')),
    -- Per cent of the work that is done.
    progress integer not null default 0 constraint file_videos_progress_check check (progress between 0 and 100),
    seconds integer constraint file_videos_seconds_check check (seconds > 0),
    width integer constraint file_videos_width_check check (width > 0),
    height integer constraint file_videos_height_check check (height > 0),
    poster_sha256 bytea constraint file_videos_poster_fkey references file_blobs (sha256) on delete restrict,
    updated_at timestamptz not null,
    constraint file_videos_pkey primary key (file_id),
    constraint file_videos_dimensions_check check ((width is null) = (height is null))
);
create index file_videos_poster_idx on file_videos (poster_sha256);

create table file_video_sizes (
    file_id uuid not null constraint file_video_sizes_file_id_fkey references file_videos (file_id) on delete cascade,
    height integer not null constraint file_video_sizes_height_check check (height > 0),
    width integer not null constraint file_video_sizes_width_check check (width > 0),
    -- The most bits a second.
    bandwidth bigint not null constraint file_video_sizes_bandwidth_check check (bandwidth > 0),
    -- As RFC 6381 names them.
    codecs text not null,
    playlist text not null,
    sha256 bytea not null constraint file_video_sizes_sha256_fkey references file_blobs (sha256) on delete restrict,
    constraint file_video_sizes_pkey primary key (file_id, height)
);
create index file_video_sizes_sha256_idx on file_video_sizes (sha256);
