-- Photographs of works: what the camera wrote about the shot, how its tones lie, and its tiles for looking at it pixel by pixel.

create table file_photos (
    file_id uuid not null constraint file_photos_pkey primary key
        constraint file_photos_file_id_fkey references files (id) on delete cascade,
    camera text not null default '' constraint file_photos_camera_check check (char_length(camera) <= 100),
    lens text not null default '' constraint file_photos_lens_check check (char_length(lens) <= 100),
    -- In seconds.
    shutter_numerator bigint constraint file_photos_shutter_numerator_check check (shutter_numerator > 0),
    shutter_denominator bigint constraint file_photos_shutter_denominator_check check (shutter_denominator > 0),
    -- Hundredths of the number.
    aperture integer constraint file_photos_aperture_check check (aperture > 0),
    iso integer constraint file_photos_iso_check check (iso > 0),
    -- Hundredths of a millimetre.
    focal_length integer constraint file_photos_focal_length_check check (focal_length > 0),
    -- By the camera's clock, whose zone nobody knows.
    taken_at timestamp,
    -- 256 bars each of luminance, red, green and blue; a bar is a character, '0' for nothing up to 'o' for the highest.
    histogram text not null constraint file_photos_histogram_check check (octet_length(histogram) = 1024),
    -- Ten-thousandths of the pixels that are black, and that are full in a channel.
    shadows integer not null constraint file_photos_shadows_check check (shadows between 0 and 10000),
    highlights integer not null constraint file_photos_highlights_check check (highlights between 0 and 10000),
    constraint file_photos_shutter_check check ((shutter_numerator is null) = (shutter_denominator is null))
);

-- The tiles of a large photograph lie behind each other in one blob.
create table file_pyramids (
    file_id uuid not null constraint file_pyramids_pkey primary key
        constraint file_pyramids_file_id_fkey references files (id) on delete cascade,
    sha256 bytea not null constraint file_pyramids_sha256_fkey references file_blobs (sha256) on delete restrict,
    content_type text not null,
    levels integer not null constraint file_pyramids_levels_check check (levels > 0),
    -- Where each tile begins, level by level and row by row, and last where the last one ends.
    offsets bigint[] not null constraint file_pyramids_offsets_check check (cardinality(offsets) > 1)
);
create index file_pyramids_sha256_idx on file_pyramids (sha256);
