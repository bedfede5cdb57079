"""The model the demo Mission serves, at its published rate."""

from sandbox.actions.deployments import publish_deployment


def publish_model() -> None:
    """SmolLM2, 135 million parameters; the rate is about what an H100 would need, rounded up."""
    publish_deployment(
        actor=None,
        name="smollm2-135m-instruct",
        title="SmolLM2 135M Instruct",
        about="A very small open model that runs without a GPU: for trying things out.",
        licence="Apache-2.0",
        prompt_ms_per_ktoken=100,
        completion_ms_per_ktoken=1000,
    )
