"""docs/import-format.md says what the import reads."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command

from exchange.files.document import columns_as_markdown

DOCUMENT = Path(__file__).parents[3] / "docs" / "import-format.md"


def test_the_document_holds_the_columns_as_they_are() -> None:
    assert columns_as_markdown() in DOCUMENT.read_text(encoding="utf-8")


def test_the_command_prints_them() -> None:
    out = StringIO()

    call_command("import_format", stdout=out)

    assert out.getvalue().strip() == columns_as_markdown()
