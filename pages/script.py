"""JavaScript that a page runs once. It lies in files of its own, where the linter reads it."""

import json
from pathlib import Path

import streamlit as st


def run_once(path: Path, occasion: str, *arguments: str) -> None:
    """Run the one function that a file exports, named as `arguments` go to it; again only on another `occasion`, such as another step."""
    source = path.read_text(encoding="utf-8").replace("export function", "function")
    name = source.partition("function ")[2].partition("(")[0]
    call = f"{name}({', '.join(map(json.dumps, arguments))}); // {occasion}"
    st.html(f"<script>\n{{\n{source}{call}\n}}\n</script>", unsafe_allow_javascript=True)
