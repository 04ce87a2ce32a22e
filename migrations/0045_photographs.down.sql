drop table file_pyramids;
drop table file_photos;
