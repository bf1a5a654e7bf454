"""Front-end packages come from `node_modules` as they were published: nothing is bundled or built.

`STATICFILES_DIRS` takes `static_dirs(root)`; the icons are not served at all, `{% icon %}` reads them from disk.
"""

from pathlib import Path

PREFIXES = {
    "vendor/htmx": "htmx.org/dist",
    "vendor/tabler": "@tabler/core/dist/css",
    "vendor/tabulator": "tabulator-tables/dist",
    "vendor/golos-text": "@fontsource-variable/golos-text/files",
}
# Left out by `collectstatic`: the parts we don't load, some of which point to pictures that are not published.
NOT_SERVED = [
    *("tabler-*", "tabler.css*", "*.rtl.*", "htmx.amd.js", "htmx.cjs.js", "htmx.esm.*", "ext"),
    *("tabulator.*", "tabulator_[!es]*", "tabulator_se*", "tabulator_site*", "tabulator_simple.css*"),
    *("tabulator_esm.*js.map", "tabulator_esm*.js", "tabulator_esm.mjs", "jquery_wrapper.js"),
]
ICONS = "@tabler/icons/icons/outline"


def static_dirs(root: Path) -> list[tuple[str, str]]:
    """Pairs of (static prefix, folder) for `STATICFILES_DIRS`; `root` is the folder of `package.json`."""
    return [(prefix, str(root / "node_modules" / folder)) for prefix, folder in PREFIXES.items()]


def icon_dir() -> Path:
    """Where the outline icons lie. The tree is two floors above this file's room."""
    return Path(__file__).resolve().parents[2] / "node_modules" / ICONS
