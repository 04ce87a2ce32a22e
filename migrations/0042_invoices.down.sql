drop table invoices;
alter table courses drop column vat;
drop table tax_settings;
alter table school_settings
    drop column kpp,
    drop column signer,
    drop column bank_name,
    drop column bank_bic,
    drop column bank_account,
    drop column bank_corr_account;
