"""Alerts: a figure that drifts, a budget that runs out, a till where something is unusual."""
