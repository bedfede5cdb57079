"""Every write of the contribution engine: one verb a function, keyword-only, `Refused` with a sentence."""
