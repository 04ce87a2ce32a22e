drop function drop_caches() cascade;
