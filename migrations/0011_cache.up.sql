-- Pages of visitors are kept by the servers, and dropped at commit of a change in what they are made from. A new table that the
-- catalogue, sales pages, free lessons or legal texts read belongs here too; a test compares.

create function drop_caches() returns trigger language plpgsql as $$
begin
    perform pg_notify('lectern_cache', '');
    return null;
end
$$;
do $$
declare
    name text;
begin
    foreach name in array array['school_settings', 'legal_documents', 'courses', 'course_versions', 'course_version_modules',
        'course_version_lessons', 'course_version_tests', 'course_version_assignments', 'lessons', 'lesson_versions', 'tests',
        'assignments', 'offers', 'offer_items', 'course_curators'] loop
        execute format('create trigger %I after insert or update or delete or truncate on %I
                        for each statement execute function drop_caches()', name || '_drop_caches', name);
    end loop;
end
$$;
-- Sales pages name the curators; what students do with their accounts is nothing to them.
create trigger users_drop_caches after update of full_name, is_active, role on users for each row
    when (old.role <> 'student' or new.role <> 'student') execute function drop_caches();
