drop table lesson_progress;
drop table course_progress;
drop table course_enrollments;
drop table course_groups;
drop table course_curators;
