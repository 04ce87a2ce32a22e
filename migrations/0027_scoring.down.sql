drop view waiting_answers;
drop table review_phrases;
