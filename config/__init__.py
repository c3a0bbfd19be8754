"""Settings, URLs, API root, subscriptions, runtime: the only place that knows every app."""
