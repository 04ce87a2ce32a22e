-- Callbacks about refunds name the provider's id of the refund, and nothing else of ours.
create index refunds_provider_refund_id_idx on refunds (provider_refund_id) where provider_refund_id is not null;

-- A statement that inserts nothing calls nobody: calls at commit are made one after the other in the whole database.
drop trigger jobs_wake_workers on jobs;
create trigger jobs_wake_workers after insert on jobs for each row execute function wake_workers();
