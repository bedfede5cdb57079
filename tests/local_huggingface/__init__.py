"""A Hugging Face Hub of our own for tests, speaking real HTTP over the models of a .jsonl file."""

from tests.local_huggingface.server import LocalHub

__all__ = ["LocalHub"]
