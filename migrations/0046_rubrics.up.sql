-- Rubrics, remarks on a range of a text, and a call when something moves on the curators' desk.

alter table assignment_versions
    -- Criteria with levels: [{"title": "…", "levels": [{"title": "…", "points": 2}]}].
    add column rubric jsonb not null default '[]' constraint assignment_versions_rubric_check check (jsonb_typeof(rubric) = 'array');

alter table assignment_rounds
    -- The level chosen of each criterion, from 0.
    add column levels integer[] constraint assignment_rounds_levels_check check (levels is null or verdict = 'accepted');

alter table assignment_remarks
    -- Characters of the round's text as it is read, and what stands there.
    add column text_start integer,
    add column text_end integer,
    add column quote text not null default '' constraint assignment_remarks_quote_check check (char_length(quote) <= 20000),
    add constraint assignment_remarks_range_check check (
        (text_start is null) = (text_end is null) and (text_start is null) = (quote = '')
        and (text_start is null or (place = 'text' and text_start >= 0 and text_end > text_start)));

create or replace function assignment_remarks_refuse_change() returns trigger language plpgsql as $$
begin
    if old.published_at is null then
        return coalesce(new, old);
    end if;
    if tg_op = 'DELETE'
       or (new.id, new.round_id, new.author_id, new.kind, new.place, new.file_id, new.points, new.body, new.created_at, new.published_at,
           new.text_start, new.text_end, new.quote)
          is distinct from
          (old.id, old.round_id, old.author_id, old.kind, old.place, old.file_id, old.points, old.body, old.created_at, old.published_at,
           old.text_start, old.text_end, old.quote) then
        raise exception 'remark % was given', old.id using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;

create function assignments_call_desk() returns trigger language plpgsql as $$
begin
    perform pg_notify('lectern_desk', '');
    return null;
end
$$;
create trigger assignment_holds_call after insert or delete or update of curator_id on assignment_holds
    for each row execute function assignments_call_desk();
create trigger assignment_submissions_call after update of state on assignment_submissions
    for each row when (old.state is distinct from new.state) execute function assignments_call_desk();
