"""Every write to the ground. One verb a function; keyword-only; raises `Refused` with a sentence."""
