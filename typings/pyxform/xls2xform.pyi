class ConvertResult:
    xform: str

def convert(
    xlsform: bytes, warnings: list[str] | None = None, validate: bool = False, *, form_name: str | None = None
) -> ConvertResult: ...
