//! The chain: facts, panel, indicators, scores, warnings; one evaluator for live, batch and cluster. Knows no file, clock or user.
