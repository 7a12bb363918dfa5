"""Print the JSON Schema of the JSON report or of gate.yaml."""

import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("of", choices=("report", "config"), help="which schema")


def run(options: argparse.Namespace) -> int:
    import msgspec

    from gate.model import Report
    from gate.settings import Settings

    schema = msgspec.json.schema(Report if options.of == "report" else Settings)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    print(msgspec.json.format(msgspec.json.encode(schema), indent=2).decode())
    return 0
