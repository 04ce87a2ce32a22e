drop table file_video_sizes;
drop table file_videos;
