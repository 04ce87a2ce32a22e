alter table questions drop column number;
