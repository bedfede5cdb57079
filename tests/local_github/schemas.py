"""Where GitHub's own documents lie: tests/install_schemas.sh puts them beside the virtual environment."""

import sys
from pathlib import Path

FOLDER = Path(sys.prefix) / "npm"
OPENAPI, GRAPHQL = FOLDER / "api.github.com.json", FOLDER / "schema.graphql"


def missing() -> str:
    """Why GitHub's own schemas are not here; empty where they are."""
    if OPENAPI.is_file() and GRAPHQL.is_file():
        return ""
    why = FOLDER / "why-not"
    said = why.read_text().strip() if why.is_file() else "run sh tests/install_schemas.sh .venv first."
    return f"GitHub's own schemas are not installed: {said}"
