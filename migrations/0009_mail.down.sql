alter table users drop column email_confirmed_at;
drop table account_tokens, mail_pauses, letters;
