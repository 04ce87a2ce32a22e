drop table lesson_opening_news;
drop table lesson_openings;
alter table course_enrollments drop column declined_version_id;
alter table lesson_progress drop column opened_at, drop column video_position_at;
alter table lesson_versions drop column video_seconds;
alter table course_version_lessons
    drop column opens, drop column opens_at, drop column opens_after_days, drop column video_share;
alter table course_version_modules drop column opens, drop column opens_at, drop column opens_after_days;
