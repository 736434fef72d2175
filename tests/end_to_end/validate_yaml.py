"""Says of YAML files whether a JSON Schema admits them, as an editor would: one line each.

Usage: validate_yaml.py SCHEMA FILE...; prints "valid FILE" or "refused FILE: path: why".
"""

import json
import re
import sys

try:
    import jsonschema
    import yaml
except ImportError:
    print("missing")
    sys.exit(0)


class Loader(yaml.SafeLoader):
    """YAML's core schema: 10:30 is a text, and so are yes and 2026-01-01."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"^(true|false)$", "tf"),
    ("null", r"^(~|null|)$", ["~", "n", ""]),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]+)?$", "-+.0123456789"),
):
    Loader.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(pattern), list(first))


def mapping_with_text_keys(loader, node):
    """A key is a text to JSON, also where it looks like a number: {3.1.1: 50%, 5.0: 50%}."""
    return {key.value: loader.construct_object(value, deep=True) for key, value in node.value}


Loader.add_constructor("tag:yaml.org,2002:map", mapping_with_text_keys)

with open(sys.argv[1]) as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for name in sys.argv[2:]:
    with open(name) as file:
        document = yaml.load(file, Loader)
    error = jsonschema.exceptions.best_match(validator.iter_errors(document))
    if error is None:
        print("valid", name)
    else:
        path = "/".join(str(part) for part in error.absolute_path)
        print("refused", name + ":", path + ":", error.message.splitlines()[0][:200])
