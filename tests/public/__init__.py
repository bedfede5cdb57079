"""Public pages on small worlds of their own; tests/dashboards looks at all pages on one large world."""
