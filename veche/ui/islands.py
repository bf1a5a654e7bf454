"""Islands: each `static/<room>/islands/<element-name>.js` of an installed room is found and put in the import map."""

import json
from functools import cache
from pathlib import Path

from django.apps import apps
from django.templatetags.static import static


@cache
def island_files() -> dict[str, str]:
    """Element name to static path, e.g. {"toast-stack": "ui/islands/toast-stack.js"}."""
    found: dict[str, str] = {}
    for config in apps.get_app_configs():
        folder = Path(config.path) / "static" / config.label / "islands"
        for path in sorted(folder.glob("*.js")):
            found[path.stem] = f"{config.label}/islands/{path.name}"
    return found


def import_map() -> str:
    """JSON for `<script type="importmap">`; addresses carry the hashes of the static storage."""
    imports = {f"islands/{name}": static(path) for name, path in island_files().items()}
    imports["manners"] = static("ui/manners.js")
    imports["tabulator"] = static("vendor/tabulator/js/tabulator_esm.min.mjs")
    return json.dumps({"imports": imports}).replace("<", "\\u003c")
