drop trigger assignment_submissions_call on assignment_submissions;
drop trigger assignment_holds_call on assignment_holds;
drop function assignments_call_desk();
create or replace function assignment_remarks_refuse_change() returns trigger language plpgsql as $$
begin
    if old.published_at is null then
        return coalesce(new, old);
    end if;
    if tg_op = 'DELETE'
       or (new.id, new.round_id, new.author_id, new.kind, new.place, new.file_id, new.points, new.body, new.created_at, new.published_at)
          is distinct from
          (old.id, old.round_id, old.author_id, old.kind, old.place, old.file_id, old.points, old.body, old.created_at, old.published_at) then
        raise exception 'remark % was given', old.id using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;
alter table assignment_remarks
    drop constraint assignment_remarks_range_check,
    drop column quote,
    drop column text_end,
    drop column text_start;
alter table assignment_rounds drop column levels;
alter table assignment_versions drop column rubric;
