"""Splitship: certified split-shipment allocation for batches of orders."""
