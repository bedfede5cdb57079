"""Models, datasets and spaces made up for a test, as the Hub would describe them."""

from typing import Any

from tests.local_huggingface.server import hub_id

Json = dict[str, Any]
Files = dict[str, tuple[int, str]]  # path → size in bytes, and what stands for the content
DAY = "2026-01-01T00:00:00.000Z"


def weights(content: str, size: int = 2_000_000_000) -> Files:
    return {"README.md": (2000, f"about {content}"), "model.safetensors": (size, content)}


def repo(name: str, *, created: str = DAY, files: Files | None = None, **more: Any) -> Json:
    """`more` are further properties by the Hub's own names."""
    return {
        "_id": hub_id(f"{name} {created}"),
        "id": name,
        "author": name.partition("/")[0],
        "sha": hub_id(f"revision of {name}"),
        "createdAt": created,
        "lastModified": created,
        "private": False,
        "disabled": False,
        "gated": False,
        "downloads": 10,
        "downloadsAllTime": 100,
        "likes": 1,
        "tags": [],
        "cardData": {},
        "blobs": files if files is not None else {},
        **more,
    }


def modify(one: Json, when: str, **more: Any) -> None:
    """Somebody pushed a commit."""
    one.update(more, lastModified=when, sha=hub_id(f"revision of {one['id']} at {when}"))


def result(benchmark: str, value: Any, *, task: str = "default", **more: Any) -> Json:
    """An entry of `evalResults`."""
    return {"dataset": {"id": benchmark, "task_id": task}, "value": value, **more}
