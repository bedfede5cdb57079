"""A Hugging Face Hub of our own for tests, speaking real HTTP over the models of a .jsonl file."""

from tests.local_huggingface.invented import modify, repo, result, weights
from tests.local_huggingface.server import Fault, Limit, LocalHub

__all__ = ["Fault", "Limit", "LocalHub", "modify", "repo", "result", "weights"]
