-- Why a fact was told that corrects another one, in the words of whoever told it. Facts of before
-- have none; of one that is erased it goes with the value.

ALTER TABLE facts ADD COLUMN reason TEXT;
