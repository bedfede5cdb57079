"""Every write of the sandbox: deployments, keys, and what requests use."""
