drop function unread_notifications(uuid);
drop function learner_facts(uuid, uuid, uuid);
