drop trigger jobs_wake_workers on jobs;
create trigger jobs_wake_workers after insert on jobs for each statement execute function wake_workers();
drop index refunds_provider_refund_id_idx;
