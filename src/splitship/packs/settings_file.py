"""The file scenario.yaml of a pack's folder."""

from __future__ import annotations

from pathlib import Path

from splitship.packs.findings import Findings
from splitship.packs.rule_source import Place
from splitship.packs.settings import NO_CURRENCY, Settings, check_settings, place_by_name
from splitship.packs.yaml_text import YamlFaultError, read_yaml

SETTINGS_FILE = "scenario.yaml"


def read_settings(folder: Path, findings: Findings) -> tuple[Settings | None, str, Place]:
    """scenario.yaml of a folder, its text, and words for places in it; None, and faults told, if it cannot be used."""
    path = folder / SETTINGS_FILE
    try:
        source = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        findings.add("E101", SETTINGS_FILE, "this file is missing", "`splitship init` writes one to start from")
        return None, "", place_by_name
    except (OSError, UnicodeDecodeError) as error:
        findings.add("E101", SETTINGS_FILE, f"cannot be read: {error}")
        return None, "", place_by_name
    try:
        document = read_yaml(source)
    except YamlFaultError as fault:
        line, column = fault.place
        findings.add("E111", f"{SETTINGS_FILE}:{line}:{column}", fault.message)
        return None, source, place_by_name

    def place(at: tuple[str | int, ...], about_key: bool) -> str:
        spots = document.key_places if about_key and at in document.key_places else document.value_places
        line, column = spots.get(at, (1, 1))
        return f"{SETTINGS_FILE}:{line}:{column}"

    settings = check_settings(document.value, place, findings)
    if settings is not None and not settings.name:
        settings = settings.model_copy(update={"name": folder.resolve().name})
    if settings is not None and settings.currency == NO_CURRENCY:
        findings.add("W607", f"{SETTINGS_FILE}:1:1", f"none is given; {NO_CURRENCY} is used", name="currency")
    return settings, source, place
