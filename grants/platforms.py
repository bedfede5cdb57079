"""What GitHub and Hugging Face show of a handle, in words of ours. `contributions` asks them."""

from typing import Any

from contributions import github, huggingface

PROFILES = {"github": github.profile, "huggingface": huggingface.profile}


def facts_of(platform: str, name: str) -> dict[str, Any]:
    """As `Handle.facts` keeps them. Raises `contributions.outside.Missing`, or other OutsideTrouble."""
    said = PROFILES[platform](name)
    return {
        "login": said.login[:100],
        "name": said.name[:200],
        "kind": said.kind,
        "url": said.url,
        "repositories": said.repositories,
        "models": said.models,
        "datasets": said.datasets,
        "since": said.since.isoformat() if said.since else None,
    }
