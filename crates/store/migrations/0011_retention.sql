-- Facts that were kept as long as the policy lets them be: value and member are gone; that there was
-- a fact, of which household, code and days, stays, with the instant (microseconds) of its erasure.

ALTER TABLE facts ADD COLUMN erased_at BIGINT;
