"""Scenario packs: tables and settings to a problem, plans to files and back."""
