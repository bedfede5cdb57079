"""Figures that are opened, attacked and added up, each in a small world of its own."""
