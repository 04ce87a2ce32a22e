drop view attempt_owners;
drop index test_attempts_owner_id_idx;
alter table test_attempts drop column owner_id;
alter table users drop column on_leave_until;
