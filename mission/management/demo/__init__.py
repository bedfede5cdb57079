"""The demo world: invented people and organisations, made by the same actions the pages call."""
